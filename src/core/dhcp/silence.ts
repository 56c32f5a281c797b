/** No answer, and because. */
export interface Silence {
  readonly silent: true;
  readonly because: string;
}

export function silence(because: string): Silence {
  return { silent: true, because };
}

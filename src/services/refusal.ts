/**
 * Why something that people asked for was not done. `not found`: what it is about is not there. `conflict`: it
 * collides with another. `refused`: not as things are now. `bad configuration`: it could never work.
 * `holds data`: it would erase data, and nobody has confirmed that.
 */
export interface Refusal {
  readonly done: false;
  readonly no: 'not found' | 'conflict' | 'refused' | 'bad configuration' | 'holds data';
  readonly because: string;
  /** The field of what was asked for that speaks against it, as `enrol.rules[1].name`, with what is wrong there. */
  readonly at?: { readonly path: string; readonly message: string };
}

/** What came of it, or why it was not done. */
export type Outcome<T extends object = object> = ({ readonly done: true } & T) | Refusal;

export function refusal(no: Refusal['no'], because: string, at?: Refusal['at']): Refusal {
  return { done: false, no, because, ...(at === undefined ? {} : { at }) };
}

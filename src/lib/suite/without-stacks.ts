/** For tests that make and catch a hundred thousand errors: to note where each was made would take most of their time. */
export function withoutStacks(work: () => void): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

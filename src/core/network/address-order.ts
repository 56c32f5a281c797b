/** The numbers of addresses in their order, for who looks at some of them after the other. */
export class AddressOrder {
  readonly #all: () => Iterable<number>;
  /** Made when it is asked for, after an address came or went. */
  #inOrder: Uint32Array | undefined;

  constructor(all: () => Iterable<number>) {
    this.#all = all;
  }

  /** An address came or went. */
  isChanged(): void {
    this.#inOrder = undefined;
  }

  /** Those that are higher; all of them without a number. */
  *above(number: number | undefined): Iterable<number> {
    this.#inOrder ??= Uint32Array.from(this.#all()).sort();
    const numbers = this.#inOrder;
    for (let at = number === undefined ? 0 : placeAbove(numbers, number); at < numbers.length; at += 1)
      yield numbers[at] ?? 0;
  }
}

/** Of the first that is higher. */
function placeAbove(numbers: Uint32Array, number: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}

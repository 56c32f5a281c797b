import { InvalidArgumentError, Option } from 'commander';

/** `unknown` takes it away. */
export type MemoryChoice = number | 'unknown';
/** `on` takes a wish away. */
export type MemoryCheckChoice = 'on' | 'off';

/** `--memory`: in MiB, or with M or G after it. */
export function memoryOption(): Option {
  return new Option('--memory <MiB>', 'how much it has, such as 2048 or 2G; unknown: not known').argParser(
    megabytes,
  );
}

export function memoryCheckOption(what: string): Option {
  return new Option('--memory-check <check>', what).choices(['on', 'off']);
}

function megabytes(text: string): MemoryChoice {
  return text === 'unknown' ? text : parseMegabytes(text);
}

/** MiB, or with M or G after it. @throws InvalidArgumentError */
export function parseMegabytes(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,10})([MG]?)$/i.exec(text) ?? [];
  if (digits === '')
    throw new InvalidArgumentError('an amount of memory is wanted, such as 2048 (MiB) or 2G');
  return Number(digits) * (unit.toUpperCase() === 'G' ? 1024 : 1);
}

/** How `muster` ends, for scripts; numbers above 63 are those of sysexits.h. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 69,
  notPermitted: 77,
  badConfiguration: 78,
} as const;

export type ExitName = keyof typeof EXIT;

export const EXIT_SENTENCES: Readonly<Record<ExitName, string>> = {
  ok: 'It was done',
  failed: 'It was not done; the reason is on standard error',
  usage: 'The command line cannot be understood',
  unreachable: 'No Muster answers at that address (EX_UNAVAILABLE)',
  notPermitted: 'Whoever asked may not do that (EX_NOPERM)',
  badConfiguration: 'A setting, a subnet or an option cannot work as it is written (EX_CONFIG)',
};

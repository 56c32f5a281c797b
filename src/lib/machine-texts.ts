/** Serial numbers and asset tags, as makers and owners write them into the SMBIOS. */

/** Characters of a serial number or an asset tag; SMBIOS has strings of 64 (DSP0134 §6.1.3). */
export const MAX_MACHINE_TEXT_LENGTH = 64;

/** One form for one number: firmware pads with spaces. @throws SyntaxError */
export function parseMachineText(text: string): string {
  const trimmed = text.trim();
  if (/^[ -~]+$/.test(trimmed) && trimmed.length <= MAX_MACHINE_TEXT_LENGTH) return trimmed;
  throw new SyntaxError(
    `"${text.slice(0, MAX_MACHINE_TEXT_LENGTH)}" is no serial number and no asset tag: 1 to ${MAX_MACHINE_TEXT_LENGTH} characters of ASCII are wanted`,
  );
}

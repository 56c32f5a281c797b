/** The lab cannot run here. The message says why and what to do about it; there is nothing to debug. */
export class LabRefusal extends Error {
  override readonly name = 'LabRefusal';
}

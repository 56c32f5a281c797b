/** Node with what runs TypeScript, whatever folder it is started in. */
export const TYPESCRIPT_NODE = [process.execPath, '--import', import.meta.resolve('tsx')] as const;

/**
 * Below the data folder: what this computer's own commands show the API, so that whoever could read the database anyhow
 * need not log in. It is another one after each start.
 */
export const LOCAL_TOKEN_FILE = 'local-token';

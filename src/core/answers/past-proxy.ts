/**
 * Stands before a program of a script that asks Muster for something or tells it something: Muster hears a machine by
 * the machine's own address, which a proxy of the packages would hide. curl and Python go past every proxy by `no_proxy`
 * (curl would take `all_proxy` where `http_proxy` is empty); the two wgets know no asterisk, and `http_proxy` alone.
 * In an assignment a shell takes the asterisk as it is.
 */
export const PAST_PROXY = 'no_proxy=* http_proxy=';

import { useEffect, useState } from 'react';

/** The server is asked when somebody stops typing. */
const SETTLED_AFTER_MS = 300;

/** What was typed, once nothing more was typed for a moment. */
export function useSettled<Typed>(typed: Typed): Typed {
  const [settled, settle] = useState(typed);
  useEffect(() => {
    const timer = window.setTimeout(() => settle(typed), SETTLED_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return settled;
}

/** The wildcards of the shell that clients send for several files at once: `*` and `?`, as in `mget *.deb`. */

export function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

/**
 * Whether a name fits. A dot at its beginning is only matched by a dot, as in a shell. It goes back to the last `*` only, so
 * the work is bounded by the product of both lengths, whatever the pattern is.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let wanted = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const letter = pattern.charAt(wanted);
    if (letter === '*') {
      star = wanted;
      starAt = at;
      wanted += 1;
    } else if (letter === '?' || letter === name.charAt(at)) {
      at += 1;
      wanted += 1;
    } else if (star === -1) return false;
    else {
      starAt += 1;
      at = starAt;
      wanted = star + 1;
    }
  }
  return /^\**$/.test(pattern.slice(wanted));
}

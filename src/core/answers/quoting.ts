/**
 * How a value is put into the language that reads it. Each gives the text, or says why it cannot be: these
 * languages have no way to hold a line break, so a value with one is refused rather than bent.
 */

export type Quoted =
  | { readonly quoted: true; readonly text: string }
  | { readonly quoted: false; readonly because: string };

/** All that some reader takes for the end of a line, and NUL, which ends the text for C programs. */
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const LINE_END = /[\u0000\u000A-\u000D\u001C-\u001E\u0085\u2028\u2029]/;

/**
 * pykickstart splits commands with Python's shlex: in double quotes a backslash holds for `"` and `\` alone, and
 * an unquoted `#` begins a comment.
 */
export function quoteKickstart(text: string): Quoted {
  if (LINE_END.test(text)) return lineEnd('a kickstart command');
  if (/^[\w@%+=:,./$!-]+$/.test(text) && !text.startsWith('%')) return { quoted: true, text };
  return { quoted: true, text: `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"` };
}

/**
 * POSIX shell: nothing is special in single quotes but the quote itself. A backslash and an n are kept apart by
 * closing and opening the quotes, as debconf would make a line break of them.
 */
export function quoteShell(text: string): Quoted {
  if (LINE_END.test(text)) return lineEnd('a shell command of an answer file');
  const inside = text.replaceAll("'", String.raw`'\''`).replaceAll(String.raw`\n`, String.raw`\''n`);
  return { quoted: true, text: `'${inside}'` };
}

/**
 * debconf takes the rest of the line as it stands, but a backslash at the end joins the next line to it, and
 * cdebconf writes its database with `\n` for line breaks without marking a backslash that was there before.
 */
export function quotePreseed(text: string): Quoted {
  if (LINE_END.test(text)) return lineEnd('a preseed line');
  if (/\\(?:\s*$|n)/.test(text)) {
    return {
      quoted: false,
      because:
        'it has a backslash at its end or before an n, which debconf takes for a continued line or a line break',
    };
  }
  return { quoted: true, text };
}

export function quotePackage(text: string): Quoted {
  if (
    /^@?\^?[A-Za-z0-9*][\w.+:*~-]*(?:\/[\w-]+)?$/.test(text) ||
    /^-@?\^?[A-Za-z0-9*][\w.+:*~-]*$/.test(text)
  ) {
    return { quoted: true, text };
  }
  return {
    quoted: false,
    because: 'it is no name of a package or group: letters, digits and . _ + : ~ * - are wanted',
  };
}

export function quoteForm(text: string): Quoted {
  if (/\p{Cs}/u.test(text)) return { quoted: false, because: 'it is not well-formed Unicode' };
  return { quoted: true, text: encodeURIComponent(text).replaceAll("'", '%27').replaceAll('%20', '+') };
}

function lineEnd(where: string): Quoted {
  return { quoted: false, because: `it holds a line break or NUL, and ${where} cannot` };
}

/** For templates that cannot go on: the text is the reason. */
export function refuseWith(because: string): Quoted {
  return { quoted: false, because };
}

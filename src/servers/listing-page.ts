import { formatRequestPath } from '../protocols/http/request-path.ts';
import type { ListedEntry } from '../services/images/folder-listing.ts';

/** A folder as a page: installers, wget and people follow its links. Names are escaped, links are encoded. */
export function listingPage(
  parts: readonly string[],
  entries: readonly ListedEntry[],
  isCut: boolean,
): string {
  const here = escapeHtml(formatRequestPath({ parts, isFolder: true }));
  const links = entries.map(({ name, kind }) => {
    const isFolder = kind === 'folder';
    const href = escapeHtml(formatRequestPath({ parts: [...parts, name], isFolder }));
    return `<li><a href="${href}">${escapeHtml(name)}${isFolder ? '/' : ''}</a></li>`;
  });
  const above = formatRequestPath({ parts: parts.slice(0, -1), isFolder: true });
  return [
    '<!DOCTYPE html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${here}</title></head><body>`,
    `<h1>${here}</h1>`,
    '<ul>',
    ...(parts.length > 1 ? [`<li><a href="${escapeHtml(above)}">../</a></li>`] : []),
    ...links,
    '</ul>',
    ...(isCut ? [`<p>Only the first ${entries.length} entries are shown.</p>`] : []),
    '</body></html>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * Letters that nobody sees as such: controls, which a terminal obeys; those that turn the direction of writing (Unicode
 * TR36); and all that is drawn as nothing, such as a zero width space, a byte order mark or a tag (Unicode TR36 and
 * TR39), with which one name looks like another. Joiners (U+200C, U+200D) and variation selectors are among them,
 * though scripts and emoji use them: where names are told apart, what differs is to be seen, and an escape loses nothing.
 */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

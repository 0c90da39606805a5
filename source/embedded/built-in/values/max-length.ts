import {constants} from 'node:buffer';

/** Maximum length of a string: 512 MB as in Redis, less a few bytes, since strings of V8 are no longer. */
export const maxLength = Math.min(512 * 1024 * 1024, constants.MAX_STRING_LENGTH);

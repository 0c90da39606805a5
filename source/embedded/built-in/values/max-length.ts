import {constants} from 'node:buffer';

/** Maximum length of a string: 512 MB as in Redis, or V8's limit, which is a few bytes less. */
export const maxLength = Math.min(512 * 1024 * 1024, constants.MAX_STRING_LENGTH);

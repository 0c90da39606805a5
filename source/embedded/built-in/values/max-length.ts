import {constants} from 'node:buffer';

/** Of a string: 512 MB as in Redis, less a few bytes, since V8 has no longer ones. */
export const maxLength = Math.min(512 * 1024 * 1024, constants.MAX_STRING_LENGTH);

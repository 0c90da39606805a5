import {expect, it} from 'vitest';
import {parseSubject} from '../../../source/drills/subject/subject-spec.js';

it.for([
	['test', 'subject test: is a folder: give the path of a module in it'],
	['redis://me:s3cret@host', 'subject redis://***@host: give the path of a module, or an http:// URL with {key} in it'],
	['http://host/cache', 'subject http://host/cache: the URL has no {key}: write it where the name of a key belongs'],
	['http://', 'subject http://: is not a URL'],
] as const)('%s is no subject', ([text, message]) => {
	expect(() => parseSubject(text)).toThrow(message);
});

import {statSync} from 'node:fs';
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {redactUrl} from '../../pool/redis-url.js';
import {SubjectError} from './subject-error.js';

/** A subject as it is named on the command line. Serializable. */
export type SubjectSpec =
	| {readonly kind: 'module'; readonly name: string; readonly path: string}
	| {readonly kind: 'http'; readonly name: string; readonly template: string};

/**
 * Parses the path of a module, or a URL with `{key}` in it.
 *
 * @throws {SubjectError} It is neither.
 */
export function parseSubject(text: string): SubjectSpec {
	if (/^https?:\/\//i.test(text)) return httpSpec(text);
	if (/^[a-z][a-z+]+:\/\//i.test(text) && !text.startsWith('file://'))
		throw new SubjectError(redactUrl(text), 'give the path of a module, or an http:// URL with {key} in it');
	const path = text.startsWith('file://') ? fileURLToPath(text) : resolve(text);
	const found = statSync(path, {throwIfNoEntry: false});
	if (found === undefined)
		throw new SubjectError(
			text,
			'there is no such file: give the path of a module, or an http:// URL with {key} in it',
		);
	if (found.isDirectory()) throw new SubjectError(text, 'is a folder: give the path of a module in it');
	return {kind: 'module', name: text, path};
}

function httpSpec(template: string): SubjectSpec {
	const name = redactUrl(template);
	if (!URL.canParse(template)) throw new SubjectError(name, 'is not a URL: write http://host:port/path/{key}');
	if (!template.includes('{key}'))
		throw new SubjectError(name, 'the URL has no {key}: write it where the name of a key belongs');
	return {kind: 'http', name, template};
}

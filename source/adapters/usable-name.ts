import {createHash} from 'node:crypto';
import {checkKey, checkName} from '../cache/keys/check-key.js';

/** SHA-256, because frameworks use URLs and text of the application as keys, and different keys must not collide. */
const digest = (text: string, encoding: 'hex' | 'base64url'): string =>
	createHash('sha256').update(text, 'utf16le').digest(encoding);

const isAccepted = (check: (text: string) => void, text: string): boolean => {
	try {
		check(text);
		return true;
	} catch {
		return false;
	}
};

/** The key itself, or its digest if a cache does not accept it: it is empty, too long, or has control characters. */
export const usableKey = (key: string): string => (isAccepted(checkKey, key) ? key : `sha256:${digest(key, 'hex')}`);

/** The name of a namespace itself, or its digest if a cache does not accept it. */
export const usableNamespace = (name: string): string =>
	isAccepted((text) => checkName(text, 'namespace'), name) ? name : `sha256-${digest(name, 'base64url')}`;

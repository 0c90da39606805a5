import type {LiveCall, ViewerMessage} from './messages.js';

type Fields = Readonly<Record<string, unknown>>;

/** Parses a line from a viewer; undefined if it is not a request. */
export function parseRequest(line: string): ViewerMessage | undefined {
	const message = parsed(line);
	if (message === undefined) return undefined;
	const {type, cache, id, call} = message;
	if (type === 'watch' && typeof cache === 'number') return {type, cache};
	if (type !== 'call' || typeof id !== 'number' || typeof call !== 'object' || call === null) return undefined;
	const checked = checkedCall(call as Fields);
	return checked && {type, id, call: checked};
}

function parsed(line: string): Fields | undefined {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
	} catch {
		return undefined;
	}
}

function checkedCall({name, key, keys, tags, value, ttlMs}: Fields): LiveCall | undefined {
	switch (name) {
		case 'get':
		case 'has':
		case 'ttl':
		case 'touch':
			return isText(key) ? {name, key} : undefined;
		case 'mget':
		case 'del':
			return isTexts(keys) ? {name, keys} : undefined;
		case 'expire':
			return isText(key) && typeof ttlMs === 'number' ? {name, key, ttlMs} : undefined;
		case 'set':
			if (!isText(key) || !isTexts(tags)) return undefined;
			return {name, key, value, tags, ...(typeof ttlMs === 'number' && {ttlMs})};
		case 'invalidate':
			return isTexts(tags) ? {name, tags} : undefined;
		case 'clear':
		case 'flush':
			return {name};
		default:
			return undefined;
	}
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

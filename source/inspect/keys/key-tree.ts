import {parseKey, printKey} from '../escape-bytes.js';
import {type Missing, missingIn, type Sender} from '../sender.js';
import {describeKeys, type KeyRow, unknownType} from './describe-keys.js';
import {literalGlob, scanStep} from './scan.js';
import type {ScanPace} from './scan-pace.js';

/** Maximum numbers of groups and keys in one page. Keys of further groups are only counted. */
const maxGroups = 2000;
const maxRows = 500;

/** Memory and TTLs of the visited keys of a group. */
export type GroupSizes = {
	/** Bytes in the server's memory. */
	readonly bytes: number;
	/** Keys that never expire. */
	readonly withoutTtl: number;
	/** Milliseconds until the next of the other keys expires; undefined if there are none. */
	readonly nextTtlMs: number | undefined;
};

/** The keys with the same prefix, up to and including a delimiter. */
export type KeyGroup = {
	/** The part after the prefix of the page: `user:`. Printable. */
	readonly name: string;
	/** The complete prefix, with which `keyTreePage` opens the group. Printable, see `printKey`. */
	readonly prefix: string;
	/** Pattern that matches all its keys, for `count` and `sweep`. */
	readonly pattern: string;
	/** Number of keys found in this page. It can be added up over pages. */
	readonly keys: number;
	/** Undefined unless sizes were requested. */
	readonly sizes: GroupSizes | undefined;
};

/** A part of the keyspace below one prefix, as a tree of keys shows it. */
export type KeyTreePage = Missing & {
	readonly prefix: string;
	/** Most keys first. */
	readonly groups: readonly KeyGroup[];
	/** Keys directly below the prefix, without a further delimiter. */
	readonly rows: readonly KeyRow[];
	/** Number of keys in groups that are not listed. */
	readonly unlisted: number;
	/** Number of keys below the prefix in this page. */
	readonly keys: number;
	/** Cursor for the next page; undefined after the last one. */
	readonly cursor: string | undefined;
};

type KeyTreeOptions = {
	/** The `prefix` of a group. Default: the whole keyspace. */
	readonly prefix?: string;
	/** The text between the parts of a name. Default `:`. */
	readonly delimiter?: string;
	/** True: sizes and TTLs of all keys are read and aggregated by group, which takes several times as long. */
	readonly withSizes?: boolean;
	readonly cursor?: string | undefined;
	/** Time limit in milliseconds. What was found until then is returned. Default 200. */
	readonly budgetMs?: number;
	/** Limits the rate of steps. Default: no limit. */
	readonly pace?: ScanPace | undefined;
};

/** Names are latin1 here, one character per byte, so that prefixes of any bytes can be handled as text. */
const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');

/** Groups the keys below a prefix by the text up to the next delimiter. */
export async function keyTreePage(sender: Sender, options: KeyTreeOptions = {}): Promise<KeyTreePage> {
	const until = performance.now() + (options.budgetMs ?? 200);
	const prefix = parseKey(options.prefix ?? '').toString('latin1');
	const pattern = patternBelow(prefix);
	const delimiter = Buffer.from(options.delimiter || ':').toString('latin1');
	const counts = new Map<string, number>();
	const sizes = new Map<string, GroupSizes>();
	const leaves = new Set<string>();
	const nameOf = (key: Buffer) => {
		const rest = key.toString('latin1').slice(prefix.length);
		const end = rest.indexOf(delimiter);
		return {rest, end, name: end < 0 ? '' : rest.slice(0, end + delimiter.length)};
	};
	let cursor = options.cursor ?? '0';
	let unlisted = 0;
	let keys = 0;
	do {
		const step = await scanStep(sender, cursor, {pattern, pace: options.pace, mayGrow: true});
		cursor = step.cursor;
		for (const key of step.keys) {
			const {rest, end, name} = nameOf(key);
			const count = counts.get(name);
			keys++;
			if (end < 0) leaves.add(rest);
			else if (count !== undefined) counts.set(name, count + 1);
			else if (counts.size < maxGroups) counts.set(name, 1);
			else unlisted++;
		}
		if (options.withSizes) {
			for (const row of await describeKeys(sender, step.keys)) {
				const {name} = nameOf(parseKey(row.key));
				if (counts.has(name)) sizes.set(name, addSizes(sizes.get(name), sizesOf(row)));
			}
		}
	} while (cursor !== '0' && leaves.size < maxRows && performance.now() < until);
	const groups = [...counts].map(([name, count]) => groupOf(prefix, name, count, sizes.get(name)));
	const rows = await describeKeys(
		sender,
		[...leaves].map((rest) => bytes(prefix + rest)),
	);
	return {
		prefix: printKey(bytes(prefix)),
		groups: groups.sort((left, right) => right.keys - left.keys),
		rows,
		unlisted,
		keys,
		cursor: cursor === '0' ? undefined : cursor,
		...missingIn(sender),
	};
}

/** The pattern for all keys below a prefix, printable, for `scanStep`. */
function patternBelow(prefix: string): string {
	return printKey(bytes(`${literalGlob(prefix)}*`));
}

function groupOf(prefix: string, name: string, keys: number, sizes: GroupSizes | undefined): KeyGroup {
	const whole = prefix + name;
	return {name: printKey(bytes(name)), prefix: printKey(bytes(whole)), pattern: patternBelow(whole), keys, sizes};
}

const sizesOf = ({type, bytes: size = 0, ttlMs}: KeyRow): GroupSizes => ({
	bytes: size,
	withoutTtl: ttlMs === undefined && type !== unknownType ? 1 : 0,
	nextTtlMs: ttlMs,
});

function addSizes(left: GroupSizes | undefined, right: GroupSizes | undefined): GroupSizes {
	const known = [left, right].filter((each) => each !== undefined);
	const ttls = known.map(({nextTtlMs}) => nextTtlMs).filter((ttl) => ttl !== undefined);
	return {
		bytes: known.reduce((sum, each) => sum + each.bytes, 0),
		withoutTtl: known.reduce((sum, each) => sum + each.withoutTtl, 0),
		nextTtlMs: ttls.length > 0 ? Math.min(...ttls) : undefined,
	};
}

/** Maximum number of rows of merged pages. */
const maxMergedRows = 10_000;

/** Merges two pages of the same prefix. */
export function mergeKeyTree(before: KeyTreePage, after: KeyTreePage): KeyTreePage {
	const groups = new Map(before.groups.map((group) => [group.name, group]));
	for (const group of after.groups) {
		const known = groups.get(group.name);
		const sizes = known?.sizes || group.sizes ? addSizes(known?.sizes, group.sizes) : undefined;
		groups.set(group.name, known ? {...known, keys: known.keys + group.keys, sizes} : group);
	}
	const rows = new Map([...before.rows, ...after.rows].map((row) => [row.key, row]));
	const sorted = [...groups.values()].sort((left, right) => right.keys - left.keys);
	const dropped = sorted.slice(maxGroups).reduce((sum, {keys}) => sum + keys, 0);
	return {
		prefix: after.prefix,
		groups: sorted.slice(0, maxGroups),
		rows: [...rows.values()].slice(0, maxMergedRows),
		unlisted: before.unlisted + after.unlisted + dropped,
		keys: before.keys + after.keys,
		cursor: after.cursor,
		...(after.missing ? {missing: after.missing} : {}),
	};
}

import {describeKeys, type KeyRow} from './describe-keys.js';
import {parseKey, printKey} from './escape-bytes.js';
import {literalGlob} from './glob.js';
import {scanStep} from './scan.js';
import type {Sender} from './sender.js';

const separator = ':';

/** Groups and keys in one page; keys of further groups are only counted. */
const maxGroups = 2000;
const maxRows = 500;

/** All keys that begin alike, up to and with a separator. */
export type KeyGroup = {
	/** What it adds to the prefix it is in: `user:`. Printable. */
	readonly name: string;
	/** From the start of the key: where to go on with `keyTreePage`. Printable, see `printKey`. */
	readonly prefix: string;
	/** Matches all its keys, for `count` and `sweep`. */
	readonly pattern: string;
	/** Keys found in this page; pages add up. */
	readonly keys: number;
};

/** A stretch of the keyspace below one prefix: what a tree of keys shows when it is opened there. */
export type KeyTreePage = {
	readonly prefix: string;
	/** Most keys first. */
	readonly groups: readonly KeyGroup[];
	/** Keys right below the prefix, without a further separator. */
	readonly rows: readonly KeyRow[];
	/** Keys in groups beyond those listed. */
	readonly unlisted: number;
	/** Keys below the prefix in this page. */
	readonly keys: number;
	/** For the next page; undefined: everything was seen. */
	readonly cursor: string | undefined;
};

export type KeyTreeOptions = {
	/** As `KeyGroup.prefix` has it. Default: the whole keyspace. */
	readonly prefix?: string;
	readonly cursor?: string;
	/** Milliseconds after which to stop with what there is. Default 200. */
	readonly budgetMs?: number;
};

/** Keys come as latin1 here: one character for a byte, so that no prefix cuts one in two. */
const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');

/** Groups the keys below a prefix by what comes up to the next `:`. */
export async function keyTreePage(sender: Sender, options: KeyTreeOptions = {}): Promise<KeyTreePage> {
	const until = performance.now() + (options.budgetMs ?? 200);
	const prefix = parseKey(options.prefix ?? '').toString('latin1');
	const pattern = patternBelow(prefix);
	const counts = new Map<string, number>();
	const leaves = new Set<string>();
	let cursor = options.cursor ?? '0';
	let unlisted = 0;
	let keys = 0;
	do {
		const step = await scanStep(sender, cursor, {pattern});
		cursor = step.cursor;
		for (const key of step.keys) {
			const rest = key.toString('latin1').slice(prefix.length);
			const end = rest.indexOf(separator);
			const name = rest.slice(0, end + 1);
			const count = counts.get(name);
			keys++;
			if (end < 0) leaves.add(rest);
			else if (count !== undefined) counts.set(name, count + 1);
			else if (counts.size < maxGroups) counts.set(name, 1);
			else unlisted++;
		}
	} while (cursor !== '0' && leaves.size < maxRows && performance.now() < until);
	const groups = [...counts].map(([name, count]) => groupOf(prefix, name, count));
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
	};
}

/** As people see it, and as a pattern of `scanStep` is read. */
function patternBelow(prefix: string): string {
	return printKey(bytes(`${literalGlob(prefix)}*`));
}

function groupOf(prefix: string, name: string, keys: number): KeyGroup {
	const whole = prefix + name;
	return {name: printKey(bytes(name)), prefix: printKey(bytes(whole)), pattern: patternBelow(whole), keys};
}

/** Rows kept when pages are merged: what a person may scroll through. */
const maxMergedRows = 10_000;

/** Two pages of the same prefix as one, within the bounds of a page for groups. */
export function mergeKeyTree(before: KeyTreePage, after: KeyTreePage): KeyTreePage {
	const groups = new Map(before.groups.map((group) => [group.name, group]));
	for (const group of after.groups) {
		const known = groups.get(group.name);
		groups.set(group.name, known ? {...known, keys: known.keys + group.keys} : group);
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
	};
}

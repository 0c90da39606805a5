import {generalPart} from './general-part.js';

/** Number of different names in one place of a pattern from which on they are replaced by `*`. */
export const maxNames = 32;

/** Limit of separate patterns. Keys of further ones have `anyPattern`. */
export const maxPatterns = 128;

/** Most parts of a name that are used. Everything after the last of them is `*`. */
const maxParts = 12;

/** Called when the patterns `from` are merged into the pattern `into`, which may be new or already in use. */
export type MergeListener = (from: readonly string[], into: string) => void;

/** The pattern of keys beyond the limits. It contains no name, so it is printed as it is, and never hidden. */
export const anyPattern = '(other keys)';

/** Most nodes in the tree of patterns. Keys that need a further node get `anyPattern`. */
const maxPlaces = 8192;

/** Two kinds of names in one place are counted separately: `user` at the end and, with its separator, `user:`. */
type Kind = 'last' | 'prefix';

/** A place in the tree of patterns: the names seen there, each with what follows it. */
type Place = {readonly names: Map<string, Place>; readonly learnt: Set<Kind>};

/**
 * Maps keys to a small number of patterns: `user:42:cart` to `user:*:cart`. Parts of a name that look generated (numbers,
 * UUIDs, hashes) become `*` at once. Other parts, such as the names in `user:alice`, become `*` after `maxNames` different ones
 * in the same place; listeners are then told to merge their counts.
 *
 * Memory: at most `maxPatterns` patterns and `maxPlaces` names, whatever the application stores.
 */
export class KeyPatterns {
	/** Changes whenever the pattern of a key may have changed. */
	version = 0;
	readonly #root = newPlace();
	#places = 0;
	/** Interns the patterns: a pattern is always the same string object, for which lookups in maps are fast. */
	readonly #patterns = new Map<string, string>();
	readonly #listeners = new Set<MergeListener>();

	/** @param key Name of the key, as in `CommandEvent`. */
	patternOf(key: string): string {
		return this.#admit(this.#learn(partsOf(key)));
	}

	/** Calls the listener after patterns have been merged. */
	onMerge(listener: MergeListener): void {
		this.#listeners.add(listener);
	}

	#admit(pattern: string): string {
		const known = this.#patterns.get(pattern);
		if (known !== undefined) return known;
		if (this.#patterns.size >= maxPatterns) return anyPattern;
		this.#patterns.set(pattern, pattern);
		return pattern;
	}

	#learn(parts: readonly string[]): string {
		let place = this.#root;
		let pattern = '';
		for (const part of parts) {
			const kind = kindOf(part);
			const name = place.learnt.has(kind) ? asterisk(part) : part;
			let next = place.names.get(name);
			if (next === undefined) {
				if (this.#places >= maxPlaces) return anyPattern;
				next = newPlace();
				this.#places++;
				place.names.set(name, next);
				if (namesOf(place, kind).length > maxNames) {
					this.#generalize(place, pattern, kind);
					return this.#learn(parts);
				}
			}
			place = next;
			pattern += name;
		}
		return pattern;
	}

	/** Replaces the names in one place by a single `*`, and merges everything below them. */
	#generalize(place: Place, before: string, kind: Kind): void {
		place.learnt.add(kind);
		this.version++;
		const names = namesOf(place, kind);
		for (const name of names) {
			const next = place.names.get(name);
			place.names.delete(name);
			if (next !== undefined) mergePlaces(place.names, asterisk(name), next);
		}
		this.#places = countPlaces(this.#root);
		this.#merge(
			names.map((name) => before + name),
			before,
		);
	}

	/** Renames the patterns that start with one of `prefixes`: the name after `before` becomes `*`. */
	#merge(prefixes: readonly string[], before: string): void {
		const merged = new Map<string, string[]>();
		for (const pattern of this.#patterns.keys()) {
			const prefix = prefixes.find((one) => isPrefix(one, pattern));
			if (prefix === undefined) continue;
			const into = before + asterisk(prefix.slice(before.length)) + pattern.slice(prefix.length);
			const from = merged.get(into);
			if (from === undefined) merged.set(into, [pattern]);
			else from.push(pattern);
		}
		for (const [into, from] of merged) {
			for (const pattern of from) this.#patterns.delete(pattern);
			if (!this.#patterns.has(into)) this.#patterns.set(into, into);
			for (const listener of this.#listeners) listener(from, into);
		}
	}
}

const separators = ':/|.{}';

function newPlace(): Place {
	return {names: new Map(), learnt: new Set()};
}

function endsWithSeparator(part: string): boolean {
	const last = part.at(-1);
	return last !== undefined && separators.includes(last);
}

function kindOf(part: string): Kind {
	return endsWithSeparator(part) ? 'prefix' : 'last';
}

/** A prefix that ends with a separator, or is a whole pattern. */
function isPrefix(prefix: string, pattern: string): boolean {
	return pattern.startsWith(prefix) && (prefix.length === pattern.length || endsWithSeparator(prefix));
}

function asterisk(part: string): string {
	return endsWithSeparator(part) ? `*${part.at(-1)}` : '*';
}

/** The names in a place that are not replaced by `*` yet. A bare separator does not count as a name. */
function namesOf(place: Place, kind: Kind): readonly string[] {
	return [...place.names.keys()].filter(
		(name) => kindOf(name) === kind && name !== asterisk(name) && !(kind === 'prefix' && name.length === 1),
	);
}

function mergePlaces(into: Map<string, Place>, name: string, place: Place): void {
	const there = into.get(name);
	if (there === undefined) {
		into.set(name, place);
		return;
	}
	for (const kind of place.learnt) there.learnt.add(kind);
	for (const [next, below] of place.names) mergePlaces(there.names, next, below);
}

function countPlaces(place: Place): number {
	let count = place.names.size;
	for (const next of place.names.values()) count += countPlaces(next);
	return count;
}

/** Splits a name after each separator: `user:`, `*:`, `cart`. Generated parts are already replaced by `*`. */
function partsOf(key: string): readonly string[] {
	const parts: string[] = [];
	let start = 0;
	for (let at = 0; at < key.length; at++) {
		if (!separators.includes(key.charAt(at))) continue;
		if (parts.length === maxParts - 1) return [...parts, '*'];
		parts.push(generalPart(key.slice(start, at)) + key.charAt(at));
		start = at + 1;
	}
	if (start < key.length) parts.push(generalPart(key.slice(start)));
	return parts;
}

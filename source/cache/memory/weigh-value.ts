/**
 * Bytes that V8 takes for the parts of a value, on a 64-bit system without pointer compression, as in Node.js. All sizes are
 * rounded up to words of 8 bytes.
 */
const cost = {
	word: 8,
	stringHeader: 16,
	/** A number that is not a small integer, and a BigInt without its digits. */
	boxed: 16,
	array: 32,
	/** Header of the backing store for elements, if there are any. */
	elementsHeader: 16,
	object: 24,
	/** V8 reserves space for four properties. */
	emptyObject: 56,
	/** A property of an object in dictionary mode (a hash table), at the usual load factor. */
	dictionarySlot: 40,
	/** A property that no other object has: its name and the hidden class. */
	ownProperty: 96,
	map: 72,
	/** A slot for an entry, and its share of the hash table. */
	mapSlot: 28,
	setSlot: 20,
	date: 112,
	/** A view, its ArrayBuffer, and the bookkeeping of Node.js for its memory. */
	view: 190,
	/** A view of shared memory, such as the Buffer pool. */
	sharedView: 112,
	arrayBuffer: 88,
	/** An object that is too deep to be visited. */
	unseen: 64,
} as const;

/** Objects from JSON with more properties are in dictionary mode. */
const maxShapeProperties = 128;
/** Objects with at most this many properties do not count as maps from ids to values. */
const minOwnShape = 8;
/** Most items of one list that are visited. */
const maxItems = 24;
/** Most lists and objects that are visited in all, unless they form a graph. */
const maxNodes = 256;
/** Minimum number of nodes for each of several sibling lists. If there are fewer, only some of the lists are visited. */
const nodesEach = 8;
const maxGraphNodes = 50_000;

type Walk = {
	/**
	 * The visited lists and objects within the value, and the value itself. Undefined at first, since most values contain none.
	 */
	seen: Set<object> | undefined;
	readonly root: object;
	readonly isSampled: boolean;
	/** True if an object was reached twice. */
	isGraph: boolean;
	/** True if an object may hold more than its properties show. */
	isOpaque: boolean;
};

/**
 * Estimates the memory that a decoded value takes, on the heap and outside it, in bytes. Of long lists only an evenly spread
 * sample is visited, so that the estimate takes a small part of the time of decoding.
 *
 * @param encodedBytes Used for objects whose content cannot be inspected, such as those with private fields.
 */
export function weighValue(value: unknown, encodedBytes: number): number {
	if (typeof value !== 'object' || value === null) return weighLeaf(value);
	try {
		const walk: Walk = {seen: undefined, root: value, isSampled: true, isGraph: false, isOpaque: false};
		let weight = weighObject(value, maxNodes, walk);
		// A graph has many more paths than nodes, and a sample would count paths.
		if (walk.isGraph) weight = weighObject(value, maxGraphNodes, {...walk, seen: undefined, isSampled: false});
		return walk.isOpaque ? Math.max(weight, encodedBytes) : weight;
	} catch {
		// A getter or a proxy, from a codec of the application, or a graph that is too deep.
		return 2 * encodedBytes;
	}
}

/**
 * Bytes of a string: one for each character if all are Latin-1, otherwise two.
 *
 * @param utf8Bytes Its length in UTF-8, if that is known: as many as it has characters if all are ASCII.
 */
export function weighText(text: string, utf8Bytes?: number): number {
	const {length} = text;
	if (length === 0) return 0;
	return cost.stringHeader + inWords(utf8Bytes === length || isOneByte(text) ? length : 2 * length);
}

/** Bytes of a Buffer or another view: its whole ArrayBuffer, unless that is shared with other views. */
export function weighView({buffer, byteLength}: ArrayBufferView): number {
	if (byteLength < buffer.byteLength && buffer.byteLength <= Buffer.poolSize)
		return cost.sharedView + inWords(byteLength);
	return cost.view + inWords(buffer.byteLength);
}

function weighLeaf(value: unknown): number {
	switch (typeof value) {
		case 'string':
			return weighText(value);
		case 'number':
			return (value | 0) === value ? 0 : cost.boxed;
		case 'bigint':
			return cost.boxed + inWords(value.toString(16).length / 2);
		default:
			return 0;
	}
}

/** @param nodes Most lists and objects that may be visited, including this one. */
function weighObject(value: object, nodes: number, walk: Walk): number {
	if (nodes <= 0) return cost.unseen;
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype === Object.prototype || prototype === null) return weighProperties(value, nodes, walk);
	if (Array.isArray(value)) return weighArray(value, nodes, walk);
	if (ArrayBuffer.isView(value)) return weighView(value);
	if (value instanceof Map) {
		const keys = weighItems([...value.keys()], nodes / 2, walk);
		const values = weighItems([...value.values()], nodes / 2, walk);
		return cost.map + cost.mapSlot * slotsFor(value.size) + keys + values;
	}
	if (value instanceof Set) return cost.map + cost.setSlot * slotsFor(value.size) + weighItems([...value], nodes, walk);
	if (value instanceof Date) return cost.date;
	if (value instanceof ArrayBuffer) return cost.arrayBuffer + inWords(value.byteLength);
	const weight = weighProperties(value, nodes, walk);
	if (weight === cost.emptyObject) walk.isOpaque = true;
	return weight;
}

function weighArray(list: readonly unknown[], nodes: number, walk: Walk): number {
	const {length} = list;
	if (length === 0) return cost.array;
	const sample = sampleOf(list, walk);
	// An array that contains only numbers stores them unboxed.
	const items = sample.every(isNumber) ? 0 : weighSample(sample, length, nodes, walk);
	return cost.array + cost.elementsHeader + cost.word * length + items;
}

/** Allocates nothing for most objects. It also counts enumerable properties of the prototype, which hardly ever exist. */
function weighProperties(value: object, nodes: number, walk: Walk): number {
	let length = 0;
	let weight = 0;
	let inner: object[] | undefined;
	let firstName = '';
	let lastName = '';
	for (const name in value) {
		if (length++ === 0) firstName = name;
		lastName = name;
		if (length > maxShapeProperties) return weighDictionary(value, nodes, walk);
		const item = (value as Readonly<Record<string, unknown>>)[name];
		if (typeof item === 'object' && item !== null) {
			inner ??= [];
			inner.push(item);
		} else weight += weighLeaf(item);
	}
	if (length === 0) return cost.emptyObject;
	if (inner !== undefined) weight += weighObjects(inner, nodes - 1, walk);
	if (length > minOwnShape && isId(firstName) && isId(lastName)) weight += cost.ownProperty * length;
	return cost.object + cost.word * length + weight;
}

function weighDictionary(value: object, nodes: number, walk: Walk): number {
	const names = Object.keys(value);
	const items = weighItems(Object.values(value), nodes, walk);
	return cost.object + cost.dictionarySlot * names.length + weighItems(names, nodes, walk) + items;
}

function weighItems(items: readonly unknown[], nodes: number, walk: Walk): number {
	return items.length === 0 ? 0 : weighSample(sampleOf(items, walk), items.length, nodes, walk);
}

function sampleOf(list: readonly unknown[], {isSampled}: Walk): readonly unknown[] {
	const {length} = list;
	const count = isSampled ? Math.min(length, maxItems) : length;
	const sample: unknown[] = [];
	// Not `list[index]`: once V8 has compiled that for arrays of all kinds, reading converts an array of numbers to boxed ones.
	for (let index = 0; index < count; index++) sample.push(Reflect.get(list, spread(index, count, length)));
	return sample;
}

/** The sum of all items of a list. */
function weighSample(sample: readonly unknown[], length: number, nodes: number, walk: Walk): number {
	let weight = 0;
	let inner: object[] | undefined;
	for (const item of sample) {
		if (typeof item === 'object' && item !== null) {
			inner ??= [];
			inner.push(item);
		} else weight += weighLeaf(item);
	}
	if (inner !== undefined) weight += weighObjects(inner, nodes - 1, walk);
	return (weight * length) / sample.length;
}

/** The sum of lists and objects. If there are not enough nodes, a sample is extrapolated. */
function weighObjects(inner: readonly object[], nodes: number, walk: Walk): number {
	const {length} = inner;
	const count = walk.isSampled ? Math.min(length, Math.max(1, Math.floor(nodes / nodesEach))) : length;
	const each = walk.isSampled ? nodes / count : nodes;
	let sum = 0;
	walk.seen ??= new Set([walk.root]);
	for (let index = 0; index < count; index++) {
		const item = inner[spread(index, count, length)];
		if (item === undefined) continue;
		if (walk.seen.has(item)) {
			walk.isGraph = true;
			continue;
		}
		if (walk.seen.size >= maxGraphNodes) break;
		walk.seen.add(item);
		sum += weighObject(item, each, walk);
	}
	return (sum * length) / count;
}

/**
 * Index of the n-th item of a sample: one from each of `count` equal parts, at varying positions, so that the sample cannot be
 * in step with a pattern in the list.
 */
function spread(index: number, count: number, length: number): number {
	return count === length ? index : Math.floor(((index + ((index * 0.618) % 1)) * length) / count);
}

/** A name with a digit is most likely an id, which other objects do not have. */
function isId(name: string): boolean {
	return /\d/.test(name);
}

function isNumber(value: unknown): boolean {
	return typeof value === 'number';
}

/** Places in the hash table of a Map or Set: a power of two. */
function slotsFor(size: number): number {
	return size <= 4 ? 4 : 2 ** Math.ceil(Math.log2(size));
}

function isOneByte(text: string): boolean {
	// For a long text, counting its bytes in UTF-8 is much faster than a search, and detects ASCII.
	if (text.length > 512 && Buffer.byteLength(text) === text.length) return true;
	return !/[^\0-\xff]/.test(text);
}

function inWords(size: number): number {
	return Math.ceil(size / 8) * 8;
}

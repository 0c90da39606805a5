/** Values as applications cache them. `count`: so many are enough for their memory to be measured. */
export type Shape = {readonly make: () => unknown; readonly count: number};

/** As it is after it was stored and read: JSON. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const letters = (length: number): string => {
	let text = '';
	while (text.length < length) text += Math.random().toString(36).slice(2, 12);
	return text.slice(0, length);
};

const list = <T>(length: number, make: (index: number) => T): T[] => Array.from({length}, (_, index) => make(index));

const row = (id: number) => ({id, name: letters(14), email: letters(22), isActive: true, score: Math.random()});

export const shapes: Readonly<Record<string, Shape>> = {
	'text, Latin': {make: () => stored(letters(2000)), count: 1000},
	'text, Cyrillic': {make: () => stored(`${'я'.repeat(2000)}${letters(3)}`), count: 1000},
	'text with one emoji': {make: () => stored(`${letters(2000)}😀`), count: 1000},
	'small object': {make: () => stored(row(1)), count: 5000},
	'small array': {make: () => stored([letters(12), letters(12)]), count: 5000},
	'array of two numbers': {make: () => stored([1.5, 2]), count: 10_000},
	'array of 500 numbers': {make: () => stored(list(500, Math.random)), count: 500},
	'list of 1,000 objects': {make: () => stored(list(1000, row)), count: 20},
	'page of blocks': {
		make: () =>
			stored({
				title: letters(30),
				body: letters(2000),
				blocks: list(100, (index) => ({
					type: 'paragraph',
					text: letters(20 + (index % 7) * 40),
					marks: [{from: index, to: index + 5}],
				})),
			}),
		count: 100,
	},
	'table of 1,000 ids': {make: () => stored(Object.fromEntries(list(1000, () => [letters(12), 1]))), count: 50},
	'Map of 5': {make: () => new Map(list(5, (index) => [letters(12), index])), count: 5000},
	'Map of 200 objects': {make: () => new Map(list(200, (index) => [letters(12), row(index)])), count: 100},
	'Set of 100 texts': {make: () => new Set(list(100, () => letters(12))), count: 500},
	'Buffer of 500 bytes': {make: () => Buffer.from(Buffer.alloc(500)), count: 5000},
	'Buffer of 100 kB': {make: () => Buffer.from(Buffer.alloc(100_000)), count: 100},
};

import {
	findNodeAtLocation,
	type JSONPath,
	type Node,
	type ParseError,
	parseTree,
	printParseErrorCode,
} from 'jsonc-parser';

export type {JSONPath};

/** The reason why a text is not JSON, and the line of the error, counted from 1. */
type JsonMistake = {readonly line: number; readonly reason: string};

/** A field that occurs twice in one object. JSON parsers use only the last value. */
type DuplicateField = {
	/** Line of the later occurrence. */
	readonly line: number;
	readonly firstLine: number;
	readonly path: JSONPath;
};

/** The byte order mark, which some editors write at the beginning of a file. */
const byteOrderMark = '\u{feff}';

/**
 * A JSON text that knows the line of each value. Comments, trailing commas and a byte order mark at its beginning are
 * allowed.
 */
export class LocatedJson {
	readonly #text: string;
	readonly #tree: Node;

	private constructor(text: string, tree: Node) {
		this.#text = text;
		this.#tree = tree;
	}

	/** Parses a text. Only the first of several errors is returned, since the others mostly follow from it. */
	static parse(source: string): LocatedJson | JsonMistake {
		const text = source.startsWith(byteOrderMark) ? source.slice(1) : source;
		const errors: ParseError[] = [];
		const tree = parseTree(text, errors, {disallowComments: false, allowTrailingComma: true});
		const [mistake] = errors;
		if (mistake !== undefined || tree === undefined) {
			const reason = mistake === undefined ? 'value expected' : spaced(printParseErrorCode(mistake.error));
			return {line: lineAt(text, mistake?.offset ?? 0), reason};
		}
		return new LocatedJson(text, tree);
	}

	value(): unknown {
		return toValue(this.#tree);
	}

	/** Fields that occur twice in one object, in the order of the text. */
	duplicates(): readonly DuplicateField[] {
		return this.#duplicatesIn(this.#tree, []);
	}

	/**
	 * The line of the value at a path, or of its field `child`. If it does not exist, the line of the innermost enclosing value.
	 */
	lineOf(path: JSONPath, child?: string): number {
		return lineAt(this.#text, nodeAt(this.#tree, path, child).offset);
	}

	/** A JSON pointer such as `/steps/2/fault` as a path. Numbers become indexes where the value is an array. */
	pathOf(pointer: string): JSONPath {
		const path: JSONPath = [];
		for (const name of pointerParts(pointer)) {
			const parent = findNodeAtLocation(this.#tree, path);
			path.push(parent?.type === 'array' ? Number(name) : name);
		}
		return path;
	}

	#duplicatesIn(node: Node, path: JSONPath): DuplicateField[] {
		if (node.type === 'array')
			return (node.children ?? []).flatMap((child, index) => this.#duplicatesIn(child, [...path, index]));
		if (node.type !== 'object') return [];
		const firstLines = new Map<string, number>();
		return (node.children ?? []).flatMap((property) => {
			const [key, value] = property.children ?? [];
			const name = String(key?.value);
			const line = lineAt(this.#text, property.offset);
			const firstLine = firstLines.get(name);
			if (firstLine === undefined) firstLines.set(name, line);
			const inside = value === undefined ? [] : this.#duplicatesIn(value, [...path, name]);
			return firstLine === undefined ? inside : [{line, firstLine, path: [...path, name]}, ...inside];
		});
	}
}

/** The names in a JSON pointer: `/steps/2` → `['steps', '2']`. */
export function pointerParts(pointer: string): readonly string[] {
	return pointer
		.split('/')
		.slice(1)
		.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Formats a path: `steps[2].fault`. */
export function formatPath(path: JSONPath): string {
	return path
		.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
		.join('')
		.replace(/^\./, '');
}

function lineAt(text: string, offset: number): number {
	return text.slice(0, offset).split('\n').length;
}

function toValue(node: Node): unknown {
	switch (node.type) {
		case 'object':
			return Object.fromEntries(
				(node.children ?? []).flatMap(({children}) =>
					children?.[1] === undefined ? [] : [[String(children[0]?.value), toValue(children[1])]],
				),
			);
		case 'array':
			return (node.children ?? []).map(toValue);
		default:
			return node.value as unknown;
	}
}

function nodeAt(tree: Node, path: JSONPath, child: string | undefined): Node {
	const found = findNodeAtLocation(tree, child === undefined ? path : [...path, child]);
	if (found !== undefined) return child === undefined ? found : (found.parent ?? found);
	return path.length === 0 ? tree : nodeAt(tree, path.slice(0, -1), undefined);
}

/** `ValueExpected` → `value expected` */
function spaced(code: string): string {
	return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

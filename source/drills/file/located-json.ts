import {
	findNodeAtLocation,
	type JSONPath,
	type Node,
	type ParseError,
	parseTree,
	printParseErrorCode,
} from 'jsonc-parser';
import {DrillFileError} from './drill-errors.js';

/** A JSON text that tells the line of each value. Comments and trailing commas are allowed. */
export class LocatedJson {
	readonly #text: string;
	readonly #tree: Node;

	/**
	 * @param file Name of the file, for errors.
	 * @throws {DrillFileError} The text is not JSON.
	 */
	constructor(text: string, file: string) {
		this.#text = text;
		if (text.trim() === '') throw new DrillFileError(file, [{line: 1, path: '', message: 'the file is empty'}]);
		const errors: ParseError[] = [];
		const tree = parseTree(text, errors, {disallowComments: false, allowTrailingComma: true});
		if (tree === undefined || errors.length > 0) {
			throw new DrillFileError(
				file,
				// Errors after the first one are mostly its consequences.
				errors.slice(0, 1).map(({error, offset}) => ({
					line: this.#lineAt(offset),
					path: '',
					message: `not JSON: ${spaced(printParseErrorCode(error))}`,
				})),
			);
		}
		this.#tree = tree;
	}

	value(): unknown {
		return toValue(this.#tree);
	}

	/**
	 * The line of the value at a path, or of its field `child`. If there is none, the line of the nearest value around
	 * it.
	 */
	lineOf(path: JSONPath, child?: string): number {
		return this.#lineAt(nodeAt(this.#tree, path, child).offset);
	}

	/** A JSON pointer such as `/steps/2/fault` as a path. Numbers become indexes where the value is an array. */
	pathOf(pointer: string): JSONPath {
		const path: JSONPath = [];
		for (const part of pointer.split('/').slice(1)) {
			const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
			const parent = findNodeAtLocation(this.#tree, path);
			path.push(parent?.type === 'array' ? Number(name) : name);
		}
		return path;
	}

	#lineAt(offset: number): number {
		return this.#text.slice(0, offset).split('\n').length;
	}
}

/** Formats a path: `steps[2].fault`. */
export function formatPath(path: JSONPath): string {
	return path
		.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
		.join('')
		.replace(/^\./, '');
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

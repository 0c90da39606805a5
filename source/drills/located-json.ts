import {
	findNodeAtLocation,
	type JSONPath,
	type Node,
	type ParseError,
	parseTree,
	printParseErrorCode,
} from 'jsonc-parser';
import {DrillFileError} from './drill-errors.js';

/** A JSON text whose values know the line they are on. Comments and trailing commas are allowed. */
export class LocatedJson {
	readonly #text: string;
	readonly #tree: Node;

	/**
	 * @param file Its name, for errors.
	 * @throws {DrillFileError} It is not JSON.
	 */
	constructor(text: string, file: string) {
		this.#text = text;
		if (text.trim() === '') throw new DrillFileError(file, [{line: 1, path: '', message: 'the file is empty'}]);
		const errors: ParseError[] = [];
		const tree = parseTree(text, errors, {disallowComments: false, allowTrailingComma: true});
		if (tree === undefined || errors.length > 0) {
			throw new DrillFileError(
				file,
				// What comes after the first mistake is only misunderstood.
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

	/** The line of what is at that path or, where that is missing, of what would hold it. With `child`, of that field in it. */
	lineOf(path: JSONPath, child?: string): number {
		return this.#lineAt(nodeAt(this.#tree, path, child).offset);
	}

	/** `/steps/2/fault` as a path; numbers are indexes where there is an array. */
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

/** `steps[2].fault` */
export function shownPath(path: JSONPath): string {
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

function spaced(code: string): string {
	return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

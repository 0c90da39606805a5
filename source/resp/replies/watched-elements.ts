import {isErrorType, pushType, replyKinds} from './reply-kinds.js';

/** Receives the elements of a reply, and the elements of these elements. */
export type ElementWatcher = {
	/**
	 * An element begins.
	 *
	 * @param depth 1 for an element of the reply, 2 for an element of an element.
	 * @param type Its type byte.
	 * @param size Its length, its count, or its number; -1 for null. 0 for types that have none of these.
	 */
	element(depth: 1 | 2, type: number, size: number): void;
	/** The latest element of depth 1 is an error. `text`: the beginning of its text. */
	error(text: string): void;
};

/**
 * Reports the elements of replies to a watcher. Their depth is derived from the number of elements that remain: the last
 * element of an aggregate begins with as many remaining as its first one, less those in between, and no deeper element begins
 * with so few.
 */
export class WatchedElements {
	watcher: ElementWatcher | undefined;
	/** Depth of the element that is being read: 0 is the reply itself, and 3 stands for all deeper levels. */
	#depth: 0 | 1 | 2 | 3 = 0;
	#type = 0;
	/** Number of remaining elements when the next element of depth 1, or of depth 2, begins; -1 if there is none. */
	#nextOfReply = -1;
	#nextOfElement = -1;

	beginReply(): void {
		this.#depth = 0;
		this.#nextOfReply = -1;
	}

	/** An element of the reply begins. Returns true if the watcher wants its text. */
	begin(type: number, remaining: number): boolean {
		const {watcher} = this;
		if (watcher === undefined) return false;
		const kind = replyKinds[type];
		const isAttribute = isNoElement(type);
		this.#type = type;
		this.#depth = this.#depthAt(remaining, isAttribute);
		if (isAttribute || this.#depth === 3) return false;
		if (kind === 'line' || kind === 'null') this.#tell(kind === 'null' ? -1 : 0);
		return this.#depth === 1 && isErrorType(type);
	}

	/** The length, the count or the number of the element has been read. */
	endNumber(value: number): void {
		if (!isNoElement(this.#type)) this.#tell(value);
	}

	/** The push that is being read counts as an element of the reply. */
	countPush(): void {
		if (this.watcher === undefined) return;
		this.#nextOfReply--;
		this.watcher.element(1, pushType, 0);
	}

	/** The count of an aggregate has been read. @param isReply True for the reply itself. @param remaining With its elements. */
	endCount(isReply: boolean, remaining: number): void {
		if (isReply) this.#nextOfReply = remaining;
		else if (this.#depth === 1) this.#nextOfElement = remaining;
	}

	/** The text of an element has been read. */
	endText(text: string): void {
		if (this.#depth === 1 && isErrorType(this.#type)) this.watcher?.error(text);
	}

	/** The depth of the element that begins. An attribute precedes an element, and does not count as one. */
	#depthAt(remaining: number, isAttribute: boolean): 1 | 2 | 3 {
		if (remaining === this.#nextOfReply) {
			this.#nextOfElement = -1;
			if (!isAttribute) this.#nextOfReply--;
			return 1;
		}
		if (remaining !== this.#nextOfElement) return 3;
		if (!isAttribute) this.#nextOfElement--;
		return 2;
	}

	#tell(size: number): void {
		const depth = this.#depth;
		if (depth === 1 || depth === 2) this.watcher?.element(depth, this.#type, size);
	}
}

/** True for an attribute, and for a push, which counts as an element only if it confirms a subscription. */
const isNoElement = (type: number): boolean => type === pushType || replyKinds[type] === 'attribute';

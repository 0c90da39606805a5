import {NestedPush} from './replies/nested-push.js';
import {NumberLine} from './replies/number-line.js';
import {isErrorType, replyKinds as kinds, pushType} from './replies/reply-kinds.js';
import {type ElementWatcher, WatchedElements} from './replies/watched-elements.js';
import {wholeReply} from './replies/whole-reply.js';

/**
 * The reason why the follower stopped: `end`: a reply is complete; `error`: an error within a reply is; `more`: the chunk is
 * used up; `broken`: the bytes are not a reply.
 */
type ReplyStop = 'end' | 'error' | 'more' | 'broken';

/** Characters kept of the first text of a reply: enough for the code of an error and the kind of a push. */
const maxTextLength = 32;

const lf = 10;
const plus = 43;
const attribute = '|'.charCodeAt(0);
const integer = ':'.charCodeAt(0);

type State = 'type' | 'line' | 'number' | 'body';

/**
 * Finds where each reply of a stream ends (RESP2 and RESP3, nested replies and attributes included). Chunks may end anywhere.
 * Bodies are skipped; the fields below describe the reply.
 */
export class ReplyFollower {
	/** Type byte of the reply, after any attributes: `>` is a push. */
	type = 0;
	/** Its first text, up to 32 characters. Always set for an error; for other replies only while `wantsText` is set. */
	text = '';
	/** The last integer in it. */
	lastNumber = 0;
	/** Its length in bytes, its count of elements (pairs in a map), or its number; -1 for null. Valid at `end`. */
	size = 0;
	/** True if `text` is also set for replies that are not errors, including statuses. Set it between two replies. */
	wantsText = false;
	/** True if `next` also stops at the end of each error within a reply. */
	stopsAtErrors = false;
	/** Offset in the chunk at which the last error began, be it a reply or an element; 0 if it began in an earlier chunk. */
	errorFrom = 0;
	/** Offset in the chunk at which the next call continues. */
	offset = 0;

	#state: State = 'type';
	#elementType = 0;
	/** Remaining elements of the reply; 0 between two replies. */
	#remaining = 0;
	readonly #line = new NumberLine();
	/** Remaining bytes of the body, including its line end. */
	#left = 0;
	#isOutermost = false;
	#isTextOpen = false;
	readonly #elements = new WatchedElements();
	readonly #push = new NestedPush();
	/** `text` as it was before the kind of a nested push was read, to restore it. */
	#outerText = '';

	/** Receives the elements of the following replies. Set it between two replies. */
	set watcher(watcher: ElementWatcher | undefined) {
		this.#elements.watcher = watcher;
	}

	get watcher(): ElementWatcher | undefined {
		return this.#elements.watcher;
	}

	/** True between two replies. */
	get atBoundary(): boolean {
		return this.#remaining === 0;
	}

	/** True if the reply is an error. Valid at `end`. */
	get isError(): boolean {
		return isErrorType(this.type);
	}

	/** True after `error`, and after `end` if the reply or its last element is an error. */
	get endsInError(): boolean {
		return isErrorType(this.#elementType);
	}

	/** True after `more` in the middle of an error, be it a reply or an element. */
	get isInError(): boolean {
		return this.#state !== 'type' && isErrorType(this.#elementType);
	}

	/** Continues at an offset of a chunk. Call it again with `offset` until it returns `more` or `broken`. */
	next(chunk: Buffer, from: number): ReplyStop {
		if (this.#remaining === 0 && !this.wantsText && wholeReply.read(chunk, from)) return this.#endWhole();
		if (from === 0) this.errorFrom = 0;
		let at = from;
		const {length} = chunk;
		while (at < length) {
			switch (this.#state) {
				case 'type': {
					const byte = chunk[at++] ?? 0;
					const kind = kinds[byte];
					if (kind === undefined) return this.#stop(at, 'broken');
					this.#beginElement(byte);
					if (isErrorType(byte)) this.errorFrom = at - 1;
					this.#state = kind === 'line' || kind === 'null' ? 'line' : 'number';
					break;
				}
				case 'line': {
					const newline = chunk.indexOf(lf, at);
					const end = newline === -1 ? length : newline;
					if (this.#isTextOpen) this.#readText(chunk, at, end);
					if (newline === -1) return this.#stop(length, 'more');
					at = newline + 1;
					if (this.#isTextOpen) this.#endText();
					if (this.#endElement()) return this.#stop(at, 'end');
					if (this.stopsAtErrors && isErrorType(this.#elementType)) return this.#stop(at, 'error');
					break;
				}
				case 'number':
					if (!this.#line.take(chunk[at++] ?? 0)) break;
					if (this.#line.isUnreadable) return this.#stop(at, 'broken');
					if (this.#endNumber(this.#line.value)) return this.#stop(at, 'end');
					break;
				case 'body': {
					const taken = Math.min(this.#left, length - at);
					if (this.#isTextOpen) this.#readText(chunk, at, at + Math.min(taken, this.#left - 2));
					at += taken;
					this.#left -= taken;
					if (this.#left > 0) break;
					if (this.#isTextOpen) this.#endText();
					if (this.#endElement()) return this.#stop(at, 'end');
					if (this.stopsAtErrors && isErrorType(this.#elementType)) return this.#stop(at, 'error');
					break;
				}
			}
		}
		return this.#stop(at, 'more');
	}

	#endWhole(): 'end' {
		const {type, size, end} = wholeReply;
		this.type = type;
		this.text = '';
		this.size = size;
		this.lastNumber = type === integer ? size : 0;
		this.#elementType = type;
		this.offset = end;
		return 'end';
	}

	#beginElement(byte: number): void {
		// The element after an attribute is the reply itself.
		this.#isOutermost = this.#remaining === 0 || (this.type === attribute && this.#remaining === 1);
		if (this.#isOutermost) {
			this.#remaining = 1;
			this.type = byte;
			this.text = '';
			this.lastNumber = 0;
			this.size = kinds[byte] === 'null' ? -1 : 0;
			this.#elements.beginReply();
			this.#push.reset();
		} else this.#beginInPush(byte);
		this.#elementType = byte;
		this.#line.begin();
		this.#isTextOpen = this.#isOutermost
			? this.isError || (this.wantsText && byte === plus)
			: this.#push.isOpen
				? this.#push.wantsKind && kinds[byte] === 'bulk'
				: this.wantsText && this.text === '' && kinds[byte] === 'bulk' && !this.isError;
		if (this.#isOutermost || !this.#elements.begin(byte, this.#remaining)) return;
		this.text = '';
		this.#isTextOpen = true;
	}

	#beginInPush(byte: number): void {
		this.#push.beginElement(byte === pushType, this.#remaining);
		if (!this.#push.isHeader) return;
		this.#outerText = this.text;
		this.text = '';
	}

	/** A length, a count or an integer has been read completely. Returns true if the reply has ended. */
	#endNumber(value: number): boolean {
		const kind = kinds[this.#elementType];
		if (this.#isOutermost) this.size = value;
		else this.#elements.endNumber(value);
		if (kind === 'integer') {
			this.lastNumber = value;
			return this.#endElement();
		}
		if (value < 0) return this.#endElement();
		if (kind === 'bulk') {
			this.#left = value + 2;
			this.#state = 'body';
			return false;
		}
		this.#remaining += kind === 'aggregate' ? value : 2 * value;
		if (kind !== 'attribute' && !this.#push.isHeader) {
			const isOver = this.#endElement();
			this.#elements.endCount(this.#isOutermost, this.#remaining);
			return isOver;
		}
		// Neither an attribute nor a push counts as an element.
		this.#state = 'type';
		return false;
	}

	#endElement(): boolean {
		this.#state = 'type';
		this.#isTextOpen = false;
		this.#remaining--;
		return this.#remaining === 0;
	}

	#endText(): void {
		this.text = this.text.trimEnd();
		if (this.#push.wantsKind) {
			const isElement = this.#push.endKind(this.text);
			this.text = this.#outerText;
			if (!isElement) return;
			this.#remaining--;
			this.#elements.countPush();
			return;
		}
		if (!this.#isOutermost) this.#elements.endText(this.text);
	}

	#readText(chunk: Buffer, from: number, to: number): void {
		const end = Math.min(to, from + maxTextLength - this.text.length);
		if (end > from) this.text += chunk.toString('latin1', from, end);
	}

	#stop(offset: number, result: ReplyStop): ReplyStop {
		this.offset = offset;
		return result;
	}
}

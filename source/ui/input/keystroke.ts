import type {Key} from 'ink';
import {graphemes} from '../../text/cells.js';

/** One press of a key. */
export type Keystroke = {
	/** `enter`, `esc`, `up`, `shift+tab`, `ctrl+c`, or the character itself. */
	readonly name: string;
	/** The text that it types; undefined for keys that type nothing. */
	readonly text: string | undefined;
};

const controls: Readonly<Record<string, string>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	'\u001B': 'esc',
	'\u0008': 'backspace',
	'\u007F': 'backspace',
};

const named = (name: string): Keystroke => ({name, text: undefined});

function fromCharacter(char: string): Keystroke {
	const control = controls[char];
	if (control) return named(control);
	const code = char.codePointAt(0) ?? 0;
	if (code > 0 && code <= 26) return named(`ctrl+${String.fromCharCode(code + 96)}`);
	return {name: char, text: code < 32 ? undefined : char};
}

/**
 * The keystrokes of one input event of Ink. Fast typing arrives as one event with several characters, control characters
 * among them; each is a keystroke of its own, in their order.
 */
export function keystrokesOf(input: string, key: Key): readonly Keystroke[] {
	if (key.upArrow) return [named('up')];
	if (key.downArrow) return [named('down')];
	if (key.leftArrow) return [named(key.ctrl || key.meta ? 'ctrl+left' : 'left')];
	if (key.rightArrow) return [named(key.ctrl || key.meta ? 'ctrl+right' : 'right')];
	if (key.pageUp) return [named('pageup')];
	if (key.pageDown) return [named('pagedown')];
	if (key.home) return [named('home')];
	if (key.end) return [named('end')];
	if (key.return) return key.meta ? [named('esc'), named('enter')] : [named('enter')];
	if (key.escape) return key.meta ? [named('esc'), named('esc')] : [named('esc')];
	if (key.tab) return [named(key.shift ? 'shift+tab' : 'tab')];
	if (key.backspace) return [named('backspace')];
	if (key.delete) return [named('delete')];
	if (key.ctrl) return input === '' ? [] : [named(`ctrl+${input}`)];
	// No key is bound to Alt: this is Esc followed by a key that arrived together with it over a slow connection.
	const before = key.meta ? [named('esc')] : [];
	const typed = graphemes(input).flatMap((part) => (part === '\r\n' ? [named('enter')] : [fromCharacter(part)]));
	return [...before, ...typed];
}

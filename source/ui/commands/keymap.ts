import type {Command, Shortcut} from '../state/command.js';
import type {Scope} from '../state/scopes.js';
import {commandsWithKeys} from './registry.js';

/** A command that a key starts in a scope. */
export type Binding = {readonly command: Command; readonly shortcut: Shortcut; readonly scope: Scope};

/** All bindings, in the order of the help. */
export const bindings: readonly Binding[] = commandsWithKeys.flatMap((command) =>
	command.shortcuts.flatMap((shortcut) => [shortcut.in].flat().map((scope): Binding => ({command, shortcut, scope}))),
);

const byKey = new Map(
	bindings.flatMap((binding) => binding.shortcut.keys.map((key) => [`${binding.scope} ${key}`, binding] as const)),
);

/** The binding of a key in the first scope that has one. */
export function bindingOf(scopes: readonly Scope[], key: string): Binding | undefined {
	for (const scope of scopes) {
		const binding = byKey.get(`${scope} ${key}`);
		if (binding) return binding;
	}
	return undefined;
}

const keyLabels: Readonly<Record<string, string>> = {
	enter: 'Enter',
	esc: 'Esc',
	tab: 'Tab',
	' ': 'Space',
	backspace: 'Backspace',
};

/** The keys of a shortcut as a person reads them. */
export function shownKeys({shown, keys: [key]}: Shortcut): string {
	if (shown !== undefined) return shown;
	return keyLabels[key] ?? key.replace(/^ctrl\+(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}

/** Text that goes before the hints where typed letters are no keys. */
const typingHints: Readonly<Partial<Record<Scope, string>>> = {help: 'to search'};

export type Hint = {readonly keys: string; readonly label: string};

/** The hints of the footer, most useful first. A key that a nearer scope has taken is left out. */
export function hintsOf(scopes: readonly Scope[]): readonly Hint[] {
	const typing = scopes.map((scope) => typingHints[scope]).filter((label) => label !== undefined);
	const reachable = scopes.flatMap((scope) =>
		bindings.filter(
			(binding) =>
				binding.scope === scope &&
				binding.shortcut.footer !== undefined &&
				bindingOf(scopes, binding.shortcut.keys[0]) === binding,
		),
	);
	const sorted = reachable.sort((a, b) => (a.shortcut.footer ?? 0) - (b.shortcut.footer ?? 0));
	return [
		...typing.map((label) => ({keys: 'type', label})),
		...sorted.map(({shortcut}) => ({keys: shownKeys(shortcut), label: shortcut.label})),
	];
}

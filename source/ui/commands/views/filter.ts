import {textOf} from '../../input/line-editor.js';
import {noEffects, type Step} from '../../state/command.js';
import {type Filter, isEmpty, noFilter} from '../../state/filter.js';
import {isRanked} from '../../state/keys/keys-state.js';
import {forgetRank, loadKeys, pauseKeys} from '../../state/keys/load-keys.js';
import {closeKey, dropSearch, searchValue} from '../../state/keys/open-key.js';
import type {ViewName} from '../../state/names.js';
import {withKeys, withLog, withServer} from '../../state/slices.js';
import type {UiState} from '../../state/ui-state.js';
import {keystrokeCommand} from '../define.js';

/** The filter of a view. */
type ViewFilter = {
	readonly type: (state: UiState) => Step;
	readonly keep: (state: UiState) => Step;
	readonly drop: (state: UiState) => Step;
	/** Undoes one step: first the selection or the marks, then the filter. */
	readonly back: (state: UiState) => Step;
};

const typing = (filter: Filter): Filter => ({...filter, isTyping: true});
const kept = (filter: Filter): Filter => ({...filter, isTyping: false});

/** A typed filter as a glob: without wildcards it matches anywhere in the name. */
function patternOf(filter: Filter): string {
	const text = textOf(filter.line).trim();
	if (text === '') return '*';
	return /[*?[\]]/.test(text) ? text : `*${text}*`;
}

const keysFilter: ViewFilter = {
	type: (state) => noEffects(withKeys(closeKey(state), {filter: typing(state.keys.filter), shape: 'list'})),
	keep(state) {
		if (state.keys.open?.filter.isTyping) return searchValue(state);
		const {filter} = state.keys;
		const pattern = patternOf(filter);
		return loadKeys(withKeys(state, {filter: kept(filter), pattern, selected: 0, marked: new Set()}));
	},
	drop: (state) =>
		state.keys.open?.filter.isTyping
			? dropSearch(state)
			: loadKeys(withKeys(state, {filter: noFilter, pattern: '*', selected: 0})),
	back(state) {
		const {load, marked, pattern, shape, sort} = state.keys;
		if (marked.size > 0) return noEffects(withKeys(state, {marked: new Set()}));
		if (shape === 'list' && load.kind === 'loading') return noEffects(pauseKeys(state));
		if (shape === 'list' && isRanked(sort)) return forgetRank(state);
		return pattern === '*' ? noEffects(state) : keysFilter.drop(state);
	},
};

const serverFilter: ViewFilter = {
	type: (state) => noEffects(withServer(state, {filter: typing(state.server.filter)})),
	keep: (state) => noEffects(withServer(state, {filter: kept(state.server.filter)})),
	drop: (state) => noEffects(withServer(state, {filter: noFilter, selected: 0})),
	back: (state) => (isEmpty(state.server.filter) ? noEffects(state) : serverFilter.drop(state)),
};

const logFilter: ViewFilter = {
	type: (state) => noEffects(withLog(state, {filter: typing(state.log.filter)})),
	keep: (state) => noEffects(withLog(state, {filter: kept(state.log.filter)})),
	drop: (state) => noEffects(withLog(state, {filter: noFilter})),
	back(state) {
		if (state.log.selected !== undefined) return noEffects(withLog(state, {selected: undefined}));
		return isEmpty(state.log.filter) ? noEffects(state) : logFilter.drop(state);
	},
};

/** Has an entry for every view, so that a new view without one does not compile. */
const filters: Readonly<Record<ViewName, ViewFilter | undefined>> = {
	overview: undefined,
	keys: keysFilter,
	pool: undefined,
	server: serverFilter,
	faults: undefined,
	log: logFilter,
	findings: undefined,
};

const filterStep =
	(step: keyof ViewFilter) =>
	(state: UiState): Step =>
		filters[state.view]?.[step](state) ?? noEffects(state);

export const typeFilter = keystrokeCommand({
	name: 'filter',
	summary: 'Filter the list',
	shortcuts: [
		{
			in: 'keys',
			keystrokes: ['/'],
			label: 'filter',
			help: 'Load only keys that match a pattern such as user:*, or contain a word',
			footer: 50,
		},
		{in: 'server', keystrokes: ['/'], label: 'filter', help: 'Show only fields that contain all words', footer: 50},
		{in: 'log', keystrokes: ['/'], label: 'filter', help: 'Show only events that contain all words', footer: 50},
	],
	press: filterStep('type'),
});

export const keepFilter = keystrokeCommand({
	name: 'keep-filter',
	summary: 'Apply the filter',
	shortcuts: [{in: 'filter', keystrokes: ['enter'], label: 'apply', footer: 10}],
	press: filterStep('keep'),
});

export const dropFilter = keystrokeCommand({
	name: 'drop-filter',
	summary: 'Remove the filter',
	shortcuts: [{in: 'filter', keystrokes: ['esc'], label: 'remove', footer: 20}],
	press: filterStep('drop'),
});

export const goBack = keystrokeCommand({
	name: 'go-back',
	summary: 'Undo the last step: remove marks, follow the log again, remove the filter',
	shortcuts: [
		{
			in: 'keys',
			keystrokes: ['esc'],
			label: 'back',
			help: 'Remove the marks; stop a scan; then remove the order, and the filter',
		},
		{in: 'server', keystrokes: ['esc'], label: 'back', help: 'Remove the filter'},
		{in: 'log', keystrokes: ['esc'], label: 'back', help: 'Follow the newest events again, then remove the filter'},
	],
	press: filterStep('back'),
});

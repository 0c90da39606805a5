import type {EngineSnapshot} from '../../../engine/protocol.js';
import type {FaultInfo} from '../../../faults/catalogue.js';
import type {ActiveFault, FaultKind} from '../../../faults/fault.js';
import {formatAge, formatElapsed} from '../../../text/duration.js';
import {printable} from '../../../text/printable.js';
import type {Glyphs} from '../../glyphs.js';
import {argumentsOf, type FaultField, fieldsOf, settingOf} from '../../state/faults/fault-settings.js';
import {type FaultSettings, type FaultsState, settingsOf} from '../../state/faults/faults-state.js';
import {refusalOf} from '../../state/faults/outage-menu.js';
import {padEnd, type Row, span} from '../../text/row.js';
import {cursorRow} from '../filter-row.js';

const kindWidth = 12;
const wordWidth = 12;

/** An active fault, with its remaining time or its age in words. */
type ShownFault = {readonly kind: FaultKind; readonly label: string; readonly time: string};

/** The part of a snapshot that the rows of faults show. */
export type ShownFaults = {
	readonly target: Pick<EngineSnapshot['target'], 'kind' | 'topology' | 'clockObstacle'>;
	readonly inForce: readonly ShownFault[];
	/** True if there are several nodes, so that a fault can be limited to one. */
	readonly hasNodes: boolean;
};

/** The remaining time of a fault or, without a limit, its age. */
function timeOf({since, until}: ActiveFault, now: number, isDrill: boolean): string {
	// Rounded up: a fault with time left is not shown with 0 s.
	if (until !== undefined) return `${formatElapsed(until - now + 999)} left`;
	return `for ${formatAge(now - since)}, until ${isDrill ? 'the drill lifts it' : 'healed'}`;
}

export const shownFaults = ({
	target: {kind, topology, clockObstacle, nodes = []},
	faults,
	at,
	drill,
}: EngineSnapshot): ShownFaults => ({
	target: {kind, topology, clockObstacle},
	hasNodes: nodes.length > 0,
	inForce: faults.map((active) => ({
		kind: active.fault.kind,
		label: active.label,
		time: timeOf(active, at, drill?.state === 'running'),
	})),
});

/** A kind of fault with its meaning or, while it is active, with its parameters and time. */
export function faultRow(info: FaultInfo, shown: ShownFaults | undefined, width: number, glyphs: Glyphs): Row {
	const [first, ...others] = shown?.inForce.filter(({kind}) => kind === info.kind) ?? [];
	const wordsWidth = Math.max(1, width - kindWidth - 2);
	if (first === undefined) {
		const refusal = refusalOf(info, shown?.target);
		return [
			span('  '),
			span(padEnd(info.kind, kindWidth), refusal ? 'dim' : 'strong'),
			span(padEnd(refusal ?? info.summary, wordsWidth), 'dim'),
		];
	}
	const more = others.length === 0 ? '' : `, and ${others.length} more`;
	const words = `${first.label}: ${first.time}${more}`;
	return [
		span(`${glyphs.modes.fallback} `, 'bad'),
		span(padEnd(info.kind, kindWidth), 'bad'),
		span(padEnd(words, wordsWidth), 'bad'),
	];
}

function fieldRow(
	field: FaultField,
	settings: FaultSettings,
	editing: FaultsState['editing'],
	isSelected: boolean,
	glyphs: Glyphs,
): Row {
	const value = settingOf(field, settings);
	const name = span(padEnd(field.word, wordWidth), isSelected ? 'strong' : 'dim');
	const mark = span(isSelected ? `${glyphs.pointer} ` : '  ', 'focus');
	if (editing && isSelected && !field.choices) return [mark, name, ...cursorRow(editing.line)];
	const shown = value === '' ? field.empty : printable(value);
	const choices = isSelected && field.choices ? [span(`   ${field.choices.join(' | ')}`, 'dim')] : [];
	return [mark, name, span(shown, isSelected ? 'selected' : value !== field.default ? 'accent' : 'text'), ...choices];
}

/** The parameters of a fault with their values; the one that is being set can be typed over. */
export function fieldRows(
	info: FaultInfo,
	faults: FaultsState,
	shown: ShownFaults | undefined,
	glyphs: Glyphs,
): readonly Row[] {
	const {editing} = faults;
	return fieldsOf(info, shown?.hasNodes).map((field, index) =>
		fieldRow(field, settingsOf(faults, info), editing, editing?.index === index, glyphs),
	);
}

/** The command that starts a fault with its settings. */
export const commandRow = (info: FaultInfo, faults: FaultsState): Row => [
	span('outage ', 'dim'),
	span(printable(argumentsOf(info, settingsOf(faults, info)).join(' ')), 'accent'),
];

/** The keystrokes that act on the selected fault. */
export function keystrokesRow(
	info: FaultInfo,
	{editing}: FaultsState,
	shown: ShownFaults | undefined,
	glyphs: Glyphs,
): Row {
	const arrows = glyphs.name === 'unicode' ? {next: '↑↓', choose: '←→'} : {next: 'Tab', choose: 'Space'};
	if (editing) return [span(`${arrows.next} next, ${arrows.choose} choose, Enter starts, Esc back`, 'dim')];
	const isInForce = shown?.inForce.some(({kind}) => kind === info.kind) ?? false;
	const start = isInForce ? 'u lifts it, Enter starts another' : 'Enter starts it';
	return [span(fieldsOf(info, shown?.hasNodes).length === 0 ? start : `${start}, e sets parameters`, 'dim')];
}

import type {Finding, FindingLevel} from '../../../engine/protocol.js';
import {formatCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {formatTimeOfDay} from '../../../text/time-of-day.js';
import type {Glyphs} from '../../glyphs.js';
import type {Column} from '../../text/columns.js';
import {type Row, span} from '../../text/row.js';
import {wrapWords} from '../../text/wrap.js';
import type {StyleName} from '../../theme.js';

export const findingLevels: readonly FindingLevel[] = ['serious', 'warning', 'info'];

export const findingStyles: Readonly<Record<FindingLevel, StyleName>> = {
	serious: 'bad',
	warning: 'warn',
	info: 'accent',
};

export const findingMark = (level: FindingLevel, {fail, modes, dot}: Glyphs): string =>
	({serious: fail, warning: modes.recovering, info: dot})[level];

/** `1 serious  2 warnings`, each in its style; empty without findings. */
export function findingCounts(findings: readonly Finding[]): Row {
	const counts = findingLevels
		.map((level) => ({level, count: findings.filter((finding) => finding.level === level).length}))
		.filter(({count}) => count > 0);
	return counts.map(({level, count}, index) => {
		const noun = level === 'warning' && count > 1 ? 'warnings' : level;
		return span(`${index === 0 ? '' : '  '}${formatCount(count)} ${noun}`, findingStyles[level]);
	});
}

/** The time of day without its seconds. */
const sinceOf = ({firstSeenAt}: Finding): string => formatTimeOfDay(firstSeenAt).slice(0, 5);

export function findingColumns(glyphs: Glyphs): readonly Column<Finding>[] {
	return [
		{
			title: 'LEVEL',
			width: 9,
			priority: 1,
			cell: ({level}) => span(`${findingMark(level, glyphs)} ${level}`, findingStyles[level]),
		},
		{title: 'FINDING', width: 16, priority: 4, cell: ({id}) => span(id, 'dim')},
		{title: 'PROBLEM', width: 30, priority: 0, grows: true, cell: ({title}) => span(printable(title))},
		{title: 'KEYS', width: 30, priority: 3, cell: ({keys}) => span(printable(keys.join(' ')), 'dim')},
		{title: 'SINCE', width: 5, priority: 2, cell: (finding) => span(sinceOf(finding), 'dim')},
	];
}

/** The parts of a finding, each with its title. */
export function findingParts(finding: Finding): readonly (readonly [title: string, text: string])[] {
	const {evidence, why, advice, keys, firstSeenAt, lastSeenAt} = finding;
	return [
		['What was seen', evidence],
		['Why it matters', why],
		['What to do', advice],
		...(keys.length > 0 ? [['Keys', keys.join('  ')] as const] : []),
		['Seen', `first at ${formatTimeOfDay(firstSeenAt)}, last at ${formatTimeOfDay(lastSeenAt)}`],
	];
}

/** Cells of the titles of the parts, if they are beside the texts. */
const titleWidth = 16;

/** Cells of a text that is easy to read. */
const widest = 120;

/** From this width on the titles are beside the texts. */
const besideFrom = 60;

/** A finding with its evidence, the reason and advice, wrapped. */
export function findingDetails(finding: Finding, width: number): readonly Row[] {
	const isBeside = width >= besideFrom;
	const indent = isBeside ? titleWidth : 2;
	return findingParts(finding).flatMap(([title, text]): Row[] => {
		const lines = wrapWords(printable(text), Math.max(1, Math.min(width, widest) - indent));
		if (!isBeside) return [[span(title, 'title')], ...lines.map((line): Row => [span(`  ${line}`)])];
		return lines.map(
			(line, index): Row => [
				span((index === 0 ? title : '').padEnd(titleWidth), 'title'),
				span(line, title === 'What to do' ? 'strong' : 'text'),
			],
		);
	});
}

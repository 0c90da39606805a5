import type {DrillSnapshot} from '../../engine/protocol.js';
import {printable} from '../../text/printable.js';
import type {Glyphs} from '../glyphs.js';
import {padEnd, type Row, span, truncate} from '../text/row.js';
import {Canvas} from './canvas.js';

/** The steps of a drill on its time line, one in each row, with the current position across them. */
export function drillLines(drill: DrillSnapshot, width: number, glyphs: Glyphs): Row[] {
	const labelWidth = Math.min(28, Math.max(12, Math.floor(width / 4)));
	const columns = Math.max(4, width - labelWidth - 1);
	const total = Math.max(1, drill.totalMs);
	const columnOf = (ms: number) => Math.min(columns - 1, Math.max(0, Math.floor((ms / total) * columns)));
	const now = columnOf(drill.elapsedMs);
	const head = new Canvas(columns, 1);
	head.write(0, 0, glyphs.axis.repeat(columns), 'border');
	head.write(0, 0, glyphs.outageAxis.repeat(now), 'accent');
	head.put(now, 0, glyphs.playhead, 'focus');
	const rows: Row[] = [[span(padEnd('', labelWidth + 1)), ...head.row(0)]];
	for (const step of drill.steps) {
		const line = new Canvas(columns, 1);
		line.write(0, 0, glyphs.dot.repeat(columns), 'dim');
		const from = columnOf(step.atMs);
		const soFar = step.state === 'active' ? now + 1 : from + 1;
		const to = Math.max(from + 1, step.forMs === undefined ? soFar : columnOf(step.atMs + step.forMs));
		const style = step.kind === 'workload' ? 'accent' : 'bad';
		const full = glyphs.barParts.at(-1) ?? '#';
		for (let x = from; x < to; x++) {
			const isPast = x < now || step.state === 'done';
			line.put(x, 0, isPast ? full : glyphs.shade, step.state === 'waiting' ? 'dim' : style);
		}
		if (!(now >= from && now < to)) line.put(now, 0, glyphs.separator, 'focus');
		const state = step.state === 'done' ? glyphs.pass : step.state === 'active' ? glyphs.pointer : glyphs.open;
		rows.push([
			span(
				`${state} ${padEnd(truncate(printable(step.label), labelWidth - 3), labelWidth - 2)} `,
				step.state === 'active' ? 'strong' : 'dim',
			),
			...line.row(0),
		]);
	}
	return rows;
}

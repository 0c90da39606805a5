import type {Size} from '../layout.js';
import {topFor} from '../state/move.js';
import {callOf, durations, faultArguments, type OutageItem, outageItems} from '../state/outage-menu.js';
import type {Overlay} from '../state/ui-state.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, span} from '../text/row.js';
import {listRow, type ViewInput} from '../views/view.js';
import {centred, type OverlayBox} from './overlay.js';

const nameWidth = 18;

function itemRow(item: OutageItem, width: number): Row {
	const detailWidth = Math.max(1, width - nameWidth - 2);
	if (item.kind === 'heal')
		return [span(padEnd(item.label, nameWidth), 'good'), span(padEnd(printable(item.detail), detailWidth))];
	const name = faultArguments(item.info).join(' ');
	return [
		span(padEnd(name, nameWidth), item.refusal ? 'dim' : 'bad'),
		span(padEnd(item.refusal ?? item.info.summary, detailWidth), 'dim'),
	];
}

/** The menu behind `o`: heal what is broken, or break something, for as long as chosen. */
export function drawOutageMenu(
	input: ViewInput,
	menu: Extract<Overlay, {readonly kind: 'outage'}>,
	screen: Size,
): OverlayBox {
	const {glyphs, context} = input;
	const items = outageItems(context);
	const width = Math.min(screen.columns, 92);
	const height = Math.min(screen.rows, items.length + 5);
	const inside = insideFrame(width, height);
	const room = inside.height - 3;
	const selected = Math.min(menu.selected, items.length - 1);
	const top = topFor(selected, 0, items.length, room);
	const item = items[selected];
	const lasting = durations[menu.lasting]?.label ?? '';
	const isHealing = item?.kind === 'heal';
	const foot: Row = isHealing
		? [span('Enter heals', 'dim')]
		: item && callOf(item, menu.lasting) === undefined
			? [span('refused here', 'warn')]
			: [
					span('lasts ', 'dim'),
					span(`${lasting}`, 'accent'),
					span(`   ${glyphs.name === 'unicode' ? '←→' : 'h l'} how long, e edits, Enter starts`, 'dim'),
				];
	const rows: Row[] = [
		...items
			.slice(top, top + room)
			.map((entry, index) => listRow(itemRow(entry, inside.width), top + index === selected, inside.width, glyphs)),
		[],
		[span(item?.kind === 'fault' ? (item.refusal ?? item.info.summary) : '')],
		foot,
	];
	const active = context.snapshot?.faults.length ?? 0;
	return centred(
		frame(rows, {
			title: 'Simulate an outage',
			notes: [active > 0 ? [span(`${active} in force`, 'bad')] : [span('only this program is cut off', 'dim')]],
			width,
			height,
			isFocused: true,
			glyphs,
		}),
		width,
		screen,
	);
}

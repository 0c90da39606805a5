import {explanation, explanationSize} from '../explanations.js';
import {type HelpLine, helpLines} from '../help-lines.js';
import {textOf} from '../input/line-editor.js';
import {lineOfCall} from '../input/split-command.js';
import {overlaySize, type Size} from '../layout.js';
import type {Overlay} from '../state/ui-state.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import {cursorLine, type ViewInput} from '../views/view.js';
import {drawOutageMenu} from './outage-menu-box.js';
import {centred, type OverlayBox} from './overlay.js';
import {aroundCursor, drawPalette} from './palette-box.js';

type Of<Kind extends Overlay['kind']> = Extract<Overlay, {readonly kind: Kind}>;

function drawHelp(input: ViewInput, help: Of<'help'>, screen: Size): OverlayBox {
	const size = overlaySize(screen);
	const inside = insideFrame(size.columns, size.rows);
	const lines: readonly HelpLine[] = helpLines(input.context.commands, textOf(help.line), inside.width);
	const draw = (line: HelpLine): Row =>
		line.kind === 'title'
			? [span(line.text, 'title')]
			: [span(`  ${padEnd(line.name, line.nameWidth)}  `, 'key'), span(line.text)];
	const room = inside.height - 2;
	const rows: Row[] = [
		[span('search ', 'dim'), ...cursorLine(help.line, input.glyphs)],
		[],
		...(lines.length > 0
			? lines.slice(help.top, help.top + room).map(draw)
			: [[span('nothing has these words', 'dim')]]),
	];
	const left = lines.length - help.top - room;
	const note: Row = [span(left > 0 ? `${left} more ${input.glyphs.down}` : 'end', 'dim'), span('  Esc closes', 'dim')];
	return centred(
		frame(rows, {
			title: 'Help',
			notes: [note],
			width: size.columns,
			height: size.rows,
			isFocused: true,
			glyphs: input.glyphs,
		}),
		size.columns,
		screen,
	);
}

function drawExplain(input: ViewInput, {subject, top}: Of<'explain'>, screen: Size): OverlayBox {
	const {title, lines} = explanation(subject, screen);
	const {columns: width} = explanationSize(screen);
	const rows = lines.map((line): Row => [line.startsWith(' ') ? span(line) : span(line, 'title')]);
	const height = Math.min(screen.rows, rows.length + 2);
	const left = rows.length - top - (height - 2);
	return centred(
		frame(rows.slice(top), {
			title,
			notes: [[span(left > 0 ? `${left} more ${input.glyphs.down}  ` : '', 'dim'), span('Esc closes', 'dim')]],
			width,
			height,
			isFocused: true,
			glyphs: input.glyphs,
		}),
		width,
		screen,
	);
}

function drawReply(input: ViewInput, reply: Of<'reply'>, screen: Size): OverlayBox {
	const size = overlaySize(screen);
	const height = Math.min(size.rows, reply.lines.length + 2);
	const inside = insideFrame(size.columns, height);
	const left = reply.lines.length - reply.top - inside.height;
	return centred(
		frame(
			reply.lines.slice(reply.top, reply.top + inside.height).map((line): Row => [span(printable(line))]),
			{
				title: printable(lineOfCall(reply.call)),
				notes: [[span(left > 0 ? `${left} more ${input.glyphs.down}  ` : '', 'dim'), span('Esc closes', 'dim')]],
				width: size.columns,
				height,
				isFocused: true,
				glyphs: input.glyphs,
			},
		),
		size.columns,
		screen,
	);
}

function drawConfirm(input: ViewInput, confirm: Of<'confirm'>, screen: Size): OverlayBox {
	const width = Math.min(screen.columns, 70);
	const inside = insideFrame(width, 0).width;
	const rows: Row[] = [
		...confirm.about.flatMap((line): Row[] =>
			line.startsWith(' ')
				? [[span(printable(line), 'strong')]]
				: wrapWords(line, inside).map((part): Row => [span(part)]),
		),
		[],
		[
			span('Type ', 'dim'),
			span(confirm.word, 'bad'),
			span(' and Enter: ', 'dim'),
			...cursorLine(confirm.line, input.glyphs),
		],
	];
	return centred(
		frame(rows, {
			title: confirm.title,
			notes: [[span('Esc cancels', 'dim')]],
			width,
			height: rows.length + 2,
			isFocused: true,
			glyphs: input.glyphs,
		}),
		width,
		screen,
	);
}

function drawEdit(input: ViewInput, edit: Of<'edit'>, screen: Size): OverlayBox {
	const width = Math.min(screen.columns, 110);
	const inside = insideFrame(width, 0).width;
	const rows: Row[] = [
		cursorLine(aroundCursor(edit.line, inside - 1), input.glyphs),
		[],
		...wrapWords(edit.about, inside).map((line): Row => [span(line, 'dim')]),
		[span('Enter', 'key'), span(' writes, ', 'dim'), span('Esc', 'key'), span(' leaves it as it is', 'dim')],
	];
	return centred(
		frame(rows, {
			title: `Edit ${printable(edit.key)}`,
			width,
			height: rows.length + 2,
			isFocused: true,
			glyphs: input.glyphs,
		}),
		width,
		screen,
	);
}

/** What lies over the view now, and where; undefined when nothing does. */
export function drawOverlay(input: ViewInput, screen: Size): OverlayBox | undefined {
	const {overlay} = input.ui;
	switch (overlay.kind) {
		case 'none':
			return undefined;
		case 'palette':
			return drawPalette(input, overlay, screen);
		case 'help':
			return drawHelp(input, overlay, screen);
		case 'outage':
			return drawOutageMenu(input, overlay, screen);
		case 'explain':
			return drawExplain(input, overlay, screen);
		case 'reply':
			return drawReply(input, overlay, screen);
		case 'edit':
			return drawEdit(input, overlay, screen);
		case 'confirm':
			return drawConfirm(input, overlay, screen);
	}
}

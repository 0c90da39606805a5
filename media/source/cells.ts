import type xterm from '@xterm/headless';

type Emulator = InstanceType<typeof xterm.Terminal>;

/** `undefined`: the terminal's own; 0 to 15: of its palette; a string: `#rrggbb`. */
export type CellColour = number | string | undefined;

export type Cell = {
	readonly char: string;
	/** Columns it takes: 1 or 2. */
	readonly width: number;
	readonly foreground: CellColour;
	readonly background: CellColour;
	readonly isBold: boolean;
	readonly isFaint: boolean;
	readonly isInverse: boolean;
	readonly isUnderlined: boolean;
};

export type Screen = {readonly columns: number; readonly rows: readonly (readonly Cell[])[]};

const steps = [0, 95, 135, 175, 215, 255];

function paletteColour(index: number): CellColour {
	if (index < 16) return index;
	const hex = (value: number) => value.toString(16).padStart(2, '0');
	if (index >= 232) return `#${hex(8 + (index - 232) * 10).repeat(3)}`;
	const cube = index - 16;
	return `#${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => hex(steps[step] ?? 0)).join('')}`;
}

/** The cells that the emulator shows now. */
export function readScreen(emulator: Emulator): Screen {
	const buffer = emulator.buffer.active;
	const rows = Array.from({length: emulator.rows}, (_, y) => {
		const line = buffer.getLine(buffer.viewportY + y);
		const cells: Cell[] = [];
		for (let x = 0; line && x < emulator.cols; x++) {
			const cell = line.getCell(x);
			if (!cell || cell.getWidth() === 0) continue;
			const colour = (isDefault: boolean, isRgb: boolean, value: number): CellColour =>
				isDefault ? undefined : isRgb ? `#${value.toString(16).padStart(6, '0')}` : paletteColour(value);
			cells.push({
				char: cell.getChars() || ' ',
				width: cell.getWidth(),
				foreground: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
				background: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
				isBold: cell.isBold() !== 0,
				isFaint: cell.isDim() !== 0,
				isInverse: cell.isInverse() !== 0,
				isUnderlined: cell.isUnderline() !== 0,
			});
		}
		return cells;
	});
	return {columns: emulator.cols, rows};
}

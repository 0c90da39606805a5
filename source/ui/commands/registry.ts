import {commandNames} from '../../engine/specs/command-specs.js';
import type {Command} from '../state/command.js';
import {connect, connections} from './connections.js';
import {engineCommand} from './define.js';
import {close, confirm, toggleHelp, writeValue} from './dialogs.js';
import {backspace, choose, complete, recall, runLine} from './palette.js';
import {editLine} from './prompt.js';
import {recallCommandOfRedis, redis, sendLine} from './redis.js';
import {
	explain,
	glyphs,
	help,
	outageMenu,
	palette,
	pause,
	quit,
	redraw,
	suspend,
	theme,
	view,
	window,
} from './screen.js';
import {copyFinding, copyUrl, showFinding} from './views/application.js';
import {
	changeDuration,
	changeNode,
	chooseSetting,
	drill,
	editOutage,
	editSettings,
	heal,
	leaveSettings,
	nextField,
	outage,
	showDrill,
	switchPane,
} from './views/faults.js';
import {dropFilter, goBack, keepFilter, typeFilter} from './views/filter.js';
import {copy, edit, editText, expire, expireAll, remove, rename, sweep, undo} from './views/key-changes.js';
import {
	copyKey,
	copyValue,
	foldValue,
	moreElements,
	refreshValue,
	searchValue,
	unfoldValue,
} from './views/key-value.js';
import {
	closeValue,
	delimiter,
	foldGroup,
	loadMore,
	markAll,
	markKey,
	openKey,
	reload,
	sort,
	toggleTree,
	unfoldGroup,
} from './views/keys.js';
import {move, scroll} from './views/lists.js';
import {changeLevel, follow, showEvent} from './views/log.js';
import {enlargePanel, focusPanel, leavePanel} from './views/overview.js';
import {pool} from './views/pool.js';
import {biggest, countKeys, kill, reloadReport, switchTab} from './views/server.js';

/** The commands with keystrokes, in the order of the help. */
export const commandsWithKeystrokes: readonly Command[] = [
	outageMenu,
	palette,
	connections,
	help,
	quit,
	view,
	pause,
	window,
	explain,
	suspend,
	redraw,
	focusPanel,
	enlargePanel,
	leavePanel,
	copyUrl,
	move,
	typeFilter,
	openKey,
	closeValue,
	scroll,
	searchValue,
	moreElements,
	foldValue,
	unfoldValue,
	refreshValue,
	copyValue,
	copyKey,
	toggleTree,
	unfoldGroup,
	foldGroup,
	markKey,
	markAll,
	remove,
	edit,
	editText,
	expire,
	rename,
	copy,
	undo,
	sweep,
	expireAll,
	sort,
	delimiter,
	reload,
	loadMore,
	pool,
	switchTab,
	reloadReport,
	biggest,
	countKeys,
	kill,
	outage,
	drill,
	showDrill,
	switchPane,
	editSettings,
	heal,
	nextField,
	chooseSetting,
	leaveSettings,
	changeLevel,
	follow,
	showEvent,
	showFinding,
	copyFinding,
	goBack,
	connect,
	runLine,
	complete,
	choose,
	recall,
	backspace,
	redis,
	sendLine,
	recallCommandOfRedis,
	changeDuration,
	changeNode,
	editOutage,
	writeValue,
	confirm,
	keepFilter,
	dropFilter,
	close,
	toggleHelp,
	editLine,
];

/** The commands of the screen itself that can be typed. */
const screenCommands: readonly Command[] = [view, window, theme, glyphs, delimiter, pause, help, quit];

const byName = new Map(commandsWithKeystrokes.map((command) => [command.name, command]));

/** A command of the engine without keystrokes needs no entry above: it is only typed. */
const engineCommands = commandNames.map((name) => byName.get(name) ?? engineCommand(name));

/**
 * All commands. Those of the engine come first: of completions that match equally well, the earlier is offered first, and Tab
 * must not turn `:e` into `exit`.
 */
export const commands: readonly Command[] = [
	...new Set([...engineCommands, ...screenCommands, ...commandsWithKeystrokes]),
];

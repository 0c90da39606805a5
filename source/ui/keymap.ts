/** What a key does, for the footer and the help. What it really does is in `state/`. */
export type Binding = {
	/** As a person reads it: `Enter`, `Ctrl-C`, `1-6`. */
	readonly keys: string;
	/** One or two words. */
	readonly label: string;
	/** A sentence for the help. */
	readonly help: string;
	readonly where: 'everywhere' | 'overview' | 'keys' | 'pool' | 'server' | 'faults' | 'log' | 'palette' | 'menus';
	/** Where it stands in the footer; undefined: only in the help. Lower comes first, and stays longest when room is scarce. */
	readonly footer?: number;
};

export const bindings: readonly Binding[] = [
	{keys: 'o', label: 'outage', help: 'Break the connection to Redis, or heal it', where: 'everywhere', footer: 1},
	{keys: ':', label: 'command', help: 'Open the command palette', where: 'everywhere', footer: 2},
	{keys: '?', label: 'help', help: 'Show this help; type to search in it', where: 'everywhere', footer: 3},
	{keys: 'q', label: 'quit', help: 'Leave; Ctrl-C does the same', where: 'everywhere', footer: 4},
	{
		keys: 'p',
		label: 'pause',
		help: 'Hold the screen still, or go on. Measuring goes on',
		where: 'everywhere',
		footer: 6,
	},
	{
		keys: '1-6',
		label: 'views',
		help: 'Go to Overview, Keys, Pool, Server, Faults, Log',
		where: 'everywhere',
		footer: 5,
	},
	{keys: 'w', label: 'window', help: 'Let the charts show 1 min, 15 min or 2 h', where: 'everywhere', footer: 8},
	{keys: 'Esc', label: 'back', help: 'Close what is open, leave the filter, let the panel shrink', where: 'everywhere'},
	{keys: 'Ctrl-Z', label: 'suspend', help: 'Back to the shell; fg returns', where: 'everywhere'},
	{keys: 'Ctrl-L', label: 'redraw', help: 'Draw the whole screen again', where: 'everywhere'},

	{
		keys: 'Tab',
		label: 'panel',
		help: 'Move the focus from panel to panel; so do the arrows and hjkl',
		where: 'overview',
		footer: 7,
	},
	{keys: 'Enter', label: 'enlarge', help: 'Let the focused panel fill the screen', where: 'overview', footer: 9},
	{
		keys: 'i',
		label: 'explain',
		help: 'Say what the focused panel or the view shows, where it comes from, what is normal',
		where: 'everywhere',
		footer: 10,
	},

	{keys: '↑↓ jk', label: 'move', help: 'Move through the keys; PgUp, PgDn, g and G go further', where: 'keys'},
	{
		keys: '/',
		label: 'filter',
		help: 'Ask Redis for keys that match: user:*, or a part of the name',
		where: 'keys',
		footer: 5,
	},
	{keys: 'Enter', label: 'open', help: 'Look at the value of the key', where: 'keys', footer: 6},
	{keys: 'Space', label: 'mark', help: 'Mark the key, or take the mark away', where: 'keys', footer: 7},
	{
		keys: 'd',
		label: 'delete',
		help: 'Delete the marked keys, this one, or the whole group; asks for a word to be typed',
		where: 'keys',
		footer: 8,
	},
	{
		keys: 'e',
		label: 'edit',
		help: 'Edit the value: in one line, or by a command for an element of a collection',
		where: 'keys',
		footer: 8,
	},
	{keys: 'x', label: 'expire', help: 'Change when the key expires', where: 'keys', footer: 9},
	{
		keys: 't',
		label: 'tree',
		help: 'Group the keys by what stands before each colon, or list them again; Enter and the arrows fold',
		where: 'keys',
		footer: 6,
	},
	{
		keys: 's',
		label: 'sort',
		help: 'Sort as found, by name, by size or by TTL; the last two look through the whole Redis',
		where: 'keys',
		footer: 9,
	},
	{keys: 'a', label: 'mark all', help: 'Mark all that is listed, or take all marks away', where: 'keys'},
	{keys: 'r', label: 'reload', help: 'List the keys again', where: 'keys', footer: 10},
	{keys: 'n', label: 'more', help: 'Fetch the next page of keys', where: 'keys', footer: 11},

	{keys: '↑↓ jk', label: 'move', help: 'Move through lanes, checkouts and who waits', where: 'pool', footer: 6},
	{
		keys: '+ -',
		label: 'more or fewer lanes',
		help: 'One lane more or one less, while traffic runs',
		where: 'pool',
		footer: 5,
	},

	{keys: '↑↓ jk', label: 'scroll', help: 'Scroll', where: 'server', footer: 6},
	{
		keys: '/',
		label: 'filter',
		help: 'Show only fields whose name or value has these words',
		where: 'server',
		footer: 5,
	},

	{keys: '↑↓ jk', label: 'move', help: 'Move through faults and drills', where: 'faults'},
	{keys: 'Tab', label: 'faults/drills', help: 'Go from the faults to the drills and back', where: 'faults', footer: 6},
	{
		keys: 'Enter',
		label: 'start',
		help: 'Start the fault as it is set, or run the drill',
		where: 'faults',
		footer: 5,
	},
	{
		keys: 'e',
		label: 'edit',
		help: 'Set the parameters of the fault, and for how long: ↑↓ go through them, ←→ choose, Esc leaves',
		where: 'faults',
		footer: 7,
	},
	{
		keys: 'u',
		label: 'lift it',
		help: 'Lift the selected fault, and leave those of other kinds in force',
		where: 'faults',
		footer: 5,
	},
	{keys: 'x', label: 'heal all', help: 'Lift all faults; a running drill is stopped', where: 'faults', footer: 8},

	{keys: '↑↓ jk', label: 'move', help: 'Move through the events; this stops following', where: 'log'},
	{keys: '/', label: 'filter', help: 'Show only events with these words', where: 'log', footer: 5},
	{keys: 'v', label: 'level', help: 'Show from debug, info, warn or error on', where: 'log', footer: 6},
	{keys: 'Enter', label: 'in full', help: 'Show the selected event, or the newest, in full', where: 'log', footer: 8},
	{keys: 'f', label: 'follow', help: 'Follow the newest events', where: 'log', footer: 7},

	{keys: 'Tab', label: 'complete', help: 'Take the chosen completion', where: 'palette'},
	{keys: '↑↓', label: 'choose', help: 'Choose a completion; on an empty line, walk the history', where: 'palette'},
	{keys: 'Enter', label: 'run', help: 'Run the line', where: 'palette'},
	{
		keys: 'Ctrl-A E U W',
		label: 'edit',
		help: 'To the beginning, to the end, clear to the beginning, delete a word',
		where: 'palette',
	},

	{keys: '↑↓ jk', label: 'move', help: 'Move', where: 'menus'},
	{keys: '←→ hl', label: 'how long', help: 'In the outage menu: for how long', where: 'menus'},
	{keys: 'Enter', label: 'do it', help: 'Do it', where: 'menus'},
];

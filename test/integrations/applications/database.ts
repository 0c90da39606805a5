/** A database for the recipes. */
export type User = {readonly id: string; readonly name: string};

const users = new Map<string, User>([['1', {id: '1', name: 'Ada'}]]);

export const loadUser = async (id: string): Promise<User | undefined> => users.get(id);

export const saveUser = async (user: User): Promise<void> => void users.set(user.id, user);

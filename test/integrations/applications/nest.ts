import 'reflect-metadata';
import {CACHE_MANAGER, type Cache, CacheModule} from '@nestjs/cache-manager';
import {Body, Controller, Get, HttpCode, Inject, Module, NotFoundException, Param, Put} from '@nestjs/common';
import {NestFactory} from '@nestjs/core';
import {KeyvStore} from 'redis-cache-tui/keyv';
import {loadUser, saveUser} from './database.js';

@Controller('users')
class Users {
	constructor(@Inject(CACHE_MANAGER) private readonly cache: Cache) {}

	@Get(':id')
	async find(@Param('id') id: string) {
		const user = await this.cache.wrap(`user:${id}`, () => loadUser(id), 300_000);
		if (!user) throw new NotFoundException('no such user');
		return user;
	}

	@Put(':id')
	@HttpCode(204)
	async change(@Param('id') id: string, @Body('name') name: string) {
		await saveUser({id, name}); // first the database,
		await this.cache.del(`user:${id}`); // then the cache
	}
}

const store = new KeyvStore({url: process.env.REDIS_URL, namespace: 'shop'}); // Nest closes it

@Module({imports: [CacheModule.register({isGlobal: true, stores: [store]})], controllers: [Users]})
class Shop {}

const app = await NestFactory.create(Shop, {logger: false});
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT));

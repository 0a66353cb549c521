import { migrate } from './migrate.ts';

const url = process.env['DATABASE_OWNER_URL'] ?? process.env['DATABASE_URL'];
if (url) {
  await migrate(url, { log: console.log }).catch((error: Error) => {
    console.error(`migrate: ${error.message}`);
    process.exitCode = 1;
  });
} else {
  console.error('migrate: set DATABASE_OWNER_URL (the role that owns the database) or DATABASE_URL');
  process.exitCode = 1;
}

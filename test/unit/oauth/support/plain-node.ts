// The `electron` package answers the path of its binary outside of Electron. Naming one keeps it from looking for a download;
// electron-store then works with the folder it is given.
process.env.ELECTRON_OVERRIDE_DIST_PATH ??= '/nowhere'

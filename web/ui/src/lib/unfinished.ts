// Where uploads on their way are remembered over a reload. An upload is bound to
// a case and a material when it begins, so it may only be continued by a form
// that says the same of the same file.

export interface Kept {
  size: number | null;
  metadata: Record<string, string>;
  creationTime: string;
  uploadUrl: string | null;
  urlStorageKey: string;
  fingerprint?: string;
  parallelUploadUrls: string[] | null;
}

const prefix = "upload::";

/** The store of addresses that the tus client asks for. */
export class Unfinished {
  constructor(private readonly fields: () => Record<string, string>) {}

  private all(): Kept[] {
    const found: Kept[] = [];
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i)!;
      if (!key.startsWith(prefix)) continue;
      try {
        found.push({ ...JSON.parse(localStorage.getItem(key)!) as Kept, urlStorageKey: key });
      } catch { localStorage.removeItem(key); }
    }
    return found;
  }

  /** Those that a form which says the same began, the oldest first. */
  ofThisForm(): Kept[] {
    const now = Object.entries(this.fields());
    return this.all().filter((k) => k.uploadUrl && now.every(([key, value]) => (k.metadata[key] ?? "") === value))
      .sort((a, b) => Date.parse(a.creationTime) - Date.parse(b.creationTime));
  }

  findAllUploads(): Promise<Kept[]> { return Promise.resolve(this.ofThisForm()); }
  findUploadsByFingerprint(fingerprint: string): Promise<Kept[]> {
    return Promise.resolve(this.ofThisForm().filter((k) => k.fingerprint === fingerprint));
  }
  removeUpload(key: string): Promise<void> { localStorage.removeItem(key); return Promise.resolve(); }
  addUpload(fingerprint: string, upload: Omit<Kept, "urlStorageKey">): Promise<string> {
    const key = `${prefix}${Date.now()}${Math.random()}`;
    try { localStorage.setItem(key, JSON.stringify({ ...upload, fingerprint })); } catch { /* full or forbidden: it starts anew then */ }
    return Promise.resolve(key);
  }
}

package clientbook;

/** What an actor may do at all: docs/actors.md. */
public enum Role {
  ASSOCIATE,
  MANAGER,
  PRIVACY_OFFICER,
  SECURITY_OFFICER,
  AUDITOR,
  SERVICE,
  /** A shop of one. */
  OWNER,
  /** Lists of those who agreed, and nothing else. */
  MARKETING;

  int number() {
    return ordinal() + 1;
  }
}

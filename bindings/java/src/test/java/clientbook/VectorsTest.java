package clientbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors that all languages share: the same bytes and the same codes. */
class VectorsTest {
  private static final Path FOLDER = Path.of(System.getenv("CLIENTBOOK_SOURCE"), "tests/vectors/bindings");
  private final Map<String, CustomerId> who = new HashMap<>();

  @ParameterizedTest
  @ValueSource(strings = {"decisions", "proofs", "records", "refusals"})
  void everyStepGivesWhatItMust(String name) throws IOException {
    Told file = (Told) Json.parse(Files.readString(FOLDER.resolve(name + ".json")));
    Clock clock = Clock.fixed(Instant.ofEpochSecond(file.integer("now")), ZoneOffset.UTC);
    try (Book book = Clientbook.inMemory(new NewBook(file.text("profile")), clock)) {
      Session session = book.session(7, Role.OWNER);
      List<Told> steps = file.list("steps");
      assertTrue(steps.size() > 5);
      for (int i = 0; i < steps.size(); ++i) assertEquals(steps.get(i).told("expect"), step(session, steps.get(i)), name + ", step " + i);
    }
  }

  private Map<String, Object> step(Session session, Told step) {
    Map<String, Object> out = new LinkedHashMap<>();
    try {
      out.put("code", 0L);
      out.putAll(run(session, step));
    } catch (ClientbookException refused) {
      out.put("code", (long) refused.code().number());
      out.put("at", refused.at());
      out.put("where", refused.where());
    }
    return out;
  }

  private static Purpose purpose(Told step) {
    return Purpose.valueOf(step.text("purpose").toUpperCase(java.util.Locale.ROOT));
  }

  private Map<String, Object> run(Session session, Told step) {
    CustomerId customer = who.get(step.text("who"));
    switch (step.text("call")) {
      case "add_notice" -> session.addNotice(step.told("notice"));
      case "add_recipient" -> session.addRecipient(step.told("party"));
      case "put" -> {
        List<Told> directives = step.list("directives");
        who.put(step.text("who"), session.put(step.told("record"), directives == null ? List.of() : directives, purpose(step)));
      }
      case "update" -> session.update(customer, step.told("record"), purpose(step));
      case "remove" -> session.remove(customer, step.text("field"));
      case "record" -> session.record(customer, step.told("directive"));
      case "append_note" -> session.appendNote(customer, step.told("note"), NumberInNote.REFUSED, NumberInNote.REFUSED, purpose(step));
      case "read" -> {
        return flat(session.read(customer, purpose(step)));
      }
      case "preview" -> {
        Operation operation = Operation.valueOf(step.text("operation").toUpperCase(java.util.Locale.ROOT));
        return flat(session.preview(customer, purpose(step), new Request().to(step.text("recipient")).operation(operation)));
      }
      case "explain" -> {
        return Map.of("text", session.explain(customer, purpose(step), step.text("field"), new Request(), step.text("language")));
      }
      case "evaluate" -> {
        return Map.of("text", Clientbook.evaluateJson(Texts.of(Json.of(step.told("document")))));
      }
      case "scan_text" -> {
        return Map.of("text", scanned(step.text("text")));
      }
      case "check_proof" -> {
        return Map.of("text", Texts.of(Json.of(Clientbook.checkProof(step.text("proof"), step.text("log")))));
      }
      case "check_evidence" -> {
        return Map.of("text", Texts.of(Json.of(Clientbook.checkEvidence(step.text("evidence"), step.text("log")))));
      }
      case "redact_text" -> {
        return Map.of("text", Clientbook.redact(step.text("text"), new TextOptions()).text());
      }
      default -> throw new IllegalStateException(step.text("call"));
    }
    return Map.of();
  }

  /** As the library writes it. */
  private static String scanned(String text) {
    StringBuilder out = new StringBuilder();
    for (Find one : Clientbook.scan(text, new TextOptions())) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("begin", text.substring(0, one.begin()).getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
      members.put("end", text.substring(0, one.end()).getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
      members.put("type", one.type());
      members.put("rule", one.rule());
      members.put("score", one.score());
      out.append(out.isEmpty() ? "[" : ",").append(Texts.of(Json.of(members)));
    }
    return out.isEmpty() ? "[]" : out.append(']').toString();
  }

  private static Map<String, Object> flat(View view) {
    byte[] block = view.block();
    Arrays.fill(block, 16, 32, (byte) 0); // ids are random
    List<String> shown = view.keys().stream().filter(key -> view.state(key) == State.SHOWN || view.state(key) == State.REDACTED).toList();
    return Map.of("flat", HexFormat.of().formatHex(block), "shown", shown);
  }
}

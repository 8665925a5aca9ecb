package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.config.ConfigLoader;
import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.diagnose.folder.Diagnoser;
import io.rackgateway.deploy.engine.Engine;
import io.rackgateway.deploy.engine.Planner;
import io.rackgateway.deploy.engine.Ports;
import io.rackgateway.deploy.engine.Settings;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.jdbc.Journals;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.notice.Notices;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.rehearsal.ScratchProving;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.release.Targets;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * One command at work: its output, its events, and what it works through, each opened when first
 * asked for and closed at the end.
 */
final class Session implements AutoCloseable {

  private final App app;
  private final GlobalOptions options;
  private final String command;
  private final Clock clock = Clock.systemUTC();

  /** Made meanwhile: reading the trust store takes a tenth of a second. */
  private final CompletableFuture<OkHttpClient> http =
      CompletableFuture.supplyAsync(OkHttpClient::new);

  private final Secrets secrets = new Secrets();
  private final Tty tty;
  private final Style style;
  private final Output output;
  private final LiveLine live;
  private final EventStream events;
  private final Cancellation cancellation = new Cancellation();
  private final EventJson json = new EventJson(secrets);
  private final Signals signals;
  private @Nullable Notices notices;
  private @Nullable EventFile eventFile;
  private @Nullable Configuration configuration;
  private @Nullable Wiring wiring;
  private @Nullable Ports ports;
  private @Nullable Journal journal;

  Session(App app, GlobalOptions options, String command) {
    this.app = app;
    this.options = options;
    this.command = command;
    this.tty = Tty.detect(app.environment());
    boolean coloured =
        tty.interactive() && !options.noColor && !app.environment().containsKey("NO_COLOR");
    this.style = coloured ? Style.COLOURED : Style.PLAIN;
    Output standard = new Output(app.out(), app.err(), secrets);
    this.output = options.json ? standard.onStandardError() : standard;
    this.live =
        tty.interactive() && !options.quiet
            ? LiveLine.on(output, style, clock, tty.width())
            : LiveLine.none(output);
    this.events = new EventStream(clock);
    Progress progress = new Progress(output, style, options.detail(), live);
    // A plan shows its gates itself.
    boolean gatesFollow = command.equals("plan");
    events.addListener(
        event -> {
          if (!(gatesFollow && event.event() instanceof Event.GateEvaluated)) {
            progress.accept(event);
          }
        });
    this.signals = Signals.install(cancellation, output);
  }

  /** Reads the configuration and opens the event file. */
  void load() {
    configuration =
        ConfigLoader.load(options.config, options.overrides, app.environment(), secrets);
    if (!configuration.notices().isEmpty()) {
      Notices told =
          new Notices(configuration.notices(), http.join(), secrets, events, clock, cancellation);
      notices = told;
      events.addListener(told);
    }
    Path file = options.events;
    if (file != null) {
      EventFile opened = EventFile.open(file, json);
      eventFile = opened;
      events.addListener(opened);
    }
  }

  /** As if the configuration had no bake. */
  void withoutBake() {
    configuration = configuration().withoutBake();
  }

  Configuration configuration() {
    Configuration loaded = configuration;
    if (loaded == null) {
      throw new IllegalStateException("the configuration is not loaded yet");
    }
    return loaded;
  }

  /** The gateway's name, or a dash while the configuration could not be read. */
  String gatewayName() {
    Configuration loaded = configuration;
    return loaded == null ? "-" : loaded.gateway().name();
  }

  Settings settings() {
    return Wiring.settings(configuration());
  }

  private Wiring wiring() {
    Wiring made = wiring;
    if (made == null) {
      made =
          new Wiring(
              configuration(),
              app.environment(),
              events,
              cancellation,
              new Waits(clock, cancellation, events),
              json,
              secrets,
              http.join(),
              home(),
              this::readJournal);
      wiring = made;
    }
    return made;
  }

  Ports ports() {
    Ports made = ports;
    if (made == null) {
      made = wiring().ports();
      ports = made;
    }
    return made;
  }

  /**
   * The releases one can upgrade to.
   *
   * @throws DeployException.Usage if the configuration says that releases are not looked up
   * @throws DeployException.Blocked if they cannot be read
   */
  Targets targets() {
    ReleaseSource source =
        wiring()
            .releases()
            .orElseThrow(
                () ->
                    new DeployException.Usage(
                        "which releases there are is not looked up: the configuration says"
                            + " releases.none",
                        "name the version, or configure releases.github or releases.file"));
    return new Targets(source.releases(), configuration().releases().preReleases());
  }

  /**
   * What rehearses upgrades.
   *
   * @throws DeployException.Usage if no database is configured
   */
  ScratchProving rehearsals() {
    return wiring()
        .scratchProving(ports().backup())
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    "no database is configured", "configure database.url and a backup"));
  }

  /** What finds out what is wrong. */
  Diagnoser diagnoser() {
    return wiring().diagnoser();
  }

  /** The configuration's folder, which relative paths count from. */
  private Path home() {
    Path parent = options.config.toAbsolutePath().normalize().getParent();
    return parent == null ? options.config.toAbsolutePath() : parent;
  }

  /** The journal that is open, else for a moment: a run that begins meanwhile needs it. */
  private boolean readJournal(Consumer<Journal> reader) {
    Journal opened = journal;
    if (opened != null) {
      reader.accept(opened);
      return true;
    }
    if (!Journals.exists(configuration().journal())) {
      return false;
    }
    try (Journal brief = app.wrap(openJournal())) {
      reader.accept(brief);
    }
    return true;
  }

  Planner planner() {
    return new Planner(settings(), ports());
  }

  Engine engine() {
    return new Engine(settings(), ports(), journal(), new SecureRandom());
  }

  /** The journal, made first where there is none. */
  Journal journal() {
    Journal opened = journal;
    if (opened != null) {
      return opened;
    }
    Journal fresh = app.wrap(openJournal());
    journal = fresh;
    events.addListener(event -> keep(fresh, event));
    return fresh;
  }

  /**
   * Events are evidence, not state: where the journal cannot take one, the run's next intent will
   * fail there too, and be told.
   */
  private static void keep(Journal journal, EventRecord event) {
    try {
      journal.append(event);
    } catch (DeployException e) {
      // As above.
    }
  }

  private Journal openJournal() {
    String url = configuration().journal();
    Journals journals = new Journals(json, clock);
    if (url.startsWith("jdbc:h2:")) {
      return journals.open(url, new Properties(), command);
    }
    PostgresUrl database = PostgresUrl.parse("journal", new Secret(url));
    return journals.open(database.jdbcUrl(), database.jdbcProperties(), command);
  }

  /** The journal where there is one; reading commands do not make it. */
  Optional<Journal> existingJournal() {
    return Journals.exists(configuration().journal()) ? Optional.of(journal()) : Optional.empty();
  }

  /** Tells something on the way, to whoever listens. */
  void emit(Event event) {
    events.emit(event);
  }

  EventJson json() {
    return json;
  }

  Clock clock() {
    return clock;
  }

  Output output() {
    return output;
  }

  Style style() {
    return style;
  }

  /** The text without secrets, for a file. */
  String mask(String text) {
    return secrets.mask(text);
  }

  /** Prints the command's answer itself: on standard output, also with {@code --json}. */
  void print(String text) {
    new Output(app.out(), app.err(), secrets).line(text);
  }

  /** Tells how the command ended, in the form that was asked for. */
  ExitCode tell(RunResult result) {
    live.clear();
    if (options.json) {
      print(json.writePretty(result));
    } else {
      new ResultView(output, style).print(result);
    }
    return result.outcome();
  }

  /** Tells webhooks that a run was refused before it began. */
  void refused(Problem why) {
    Notices told = notices;
    if (told != null) {
      told.refused(command, gatewayName(), why);
    }
  }

  /** Waits briefly for notices that are still on their way, and tells which did not arrive. */
  void finishNotices() {
    Notices told = notices;
    if (told != null) {
      told.finish().forEach(problem -> output.errorLine("note:  " + Output.clean(problem)));
    }
  }

  /** Asks a person whether to go on; true where nobody is there to be asked. */
  boolean confirm(String what) {
    return options.yes || options.json || tty.confirm(what + "?");
  }

  @Override
  public void close() {
    signals.close();
    live.close();
    Journal opened = journal;
    if (opened != null) {
      opened.close();
    }
    EventFile file = eventFile;
    if (file != null) {
      file.close();
    }
  }
}

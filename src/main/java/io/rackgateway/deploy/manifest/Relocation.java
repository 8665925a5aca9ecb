package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.manifest.FileEdit.Replacement;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Undoes an edit in a file of which something else was changed meanwhile, which is kept. */
final class Relocation {

  private Relocation() {}

  /** The content with the address as it was; empty where the edit is not found any more. */
  static Optional<byte[]> back(FileEdit edit, byte[] content, GatewayVariables.Now variables) {
    List<Replacement> undoing = new ArrayList<>();
    try {
      for (Replacement made : edit.replacements()) {
        Optional<WrittenValue> value = variables.find(made.variable());
        if (value.isEmpty()) {
          return Optional.empty();
        }
        Optional<Replacement> found =
            AddressEdits.of(made.variable(), value.get(), new Server("another.example.com", 1))
                .stream()
                .filter(place -> place.file().equals(Path.of(edit.file())))
                .map(AddressEdits.Place::replacement)
                .filter(now -> now.before().equals(made.after()))
                .findFirst();
        if (found.isEmpty()) {
          return Optional.empty();
        }
        undoing.add(
            new Replacement(
                found.get().offset(),
                found.get().line(),
                made.variable(),
                /* before= */ made.after(),
                /* after= */ made.before()));
      }
    } catch (DeployException.Usage e) {
      return Optional.empty();
    }
    undoing.sort(Comparator.comparingInt(Replacement::offset));
    return new FileEdit(edit.file(), undoing, "", "").forward(content);
  }
}

package io.rackgateway.deploy.model;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be read or written, in words rather than in names of classes. */
public final class IoFailure {

  private IoFailure() {}

  /** {@code permission denied}, {@code no such file or folder: /srv/gateway}. */
  public static String describe(IOException failure) {
    if (failure instanceof NoSuchFileException missing) {
      return "no such file or folder: " + missing.getFile();
    }
    if (failure instanceof AccessDeniedException denied) {
      return "permission denied: " + denied.getFile();
    }
    if (failure instanceof FileAlreadyExistsException there) {
      return "it exists already: " + there.getFile();
    }
    if (failure instanceof NotDirectoryException file) {
      return "not a folder: " + file.getFile();
    }
    if (failure instanceof FileSystemException other && other.getReason() != null) {
      return other.getReason() + ": " + other.getFile();
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
